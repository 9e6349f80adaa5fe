"""The texts of the mails, in English and Arabic; plain text, so that a link shows where it leads."""

from cloud.kinds import MailKind

LETTERS = {
    "en": {
        MailKind.VERIFY_EMAIL: (
            "Confirm your address for Modamoda Studio",
            "An account of Modamoda Studio was made with this address. Confirm that it is yours:\n\n{link}\n\n"
            "The link works for three days. If you made no account, you need not do anything.",
        ),
        MailKind.ADDRESS_IN_USE: (
            "You have an account of Modamoda Studio already",
            "Somebody, perhaps you, tried to make an account with this address. It has one already.\n"
            "If you forgot its password, choose a new one here:\n\n{link}\n\nIf it was not you, nothing has changed.",
        ),
        MailKind.RESET_PASSWORD: (
            "A new password for Modamoda Studio",
            "Choose a new password for your account here:\n\n{link}\n\n"
            "The link works once, for one hour. If you did not ask for it, nothing has changed.",
        ),
        MailKind.PASSWORD_CHANGED: (
            "Your password for Modamoda Studio was changed",
            "The password of your account was changed just now, and other computers were signed out.\n"
            "If it was not you, choose a new one at once:\n\n{link}",
        ),
        MailKind.INVITATION: (
            "An invitation to Modamoda Studio",
            "{inviter} invites you to their company's account of Modamoda Studio. Accept it here:\n\n{link}\n\n"
            "The link works for seven days. If you do not know who that is, you need not do anything.",
        ),
    },
    "ar": {
        MailKind.VERIFY_EMAIL: (
            "أكّد عنوانك لدى مودامودا ستوديو",
            "أُنشئ حساب في مودامودا ستوديو بهذا العنوان. أكّد أنه لك:\n\n{link}\n\n"
            "يعمل الرابط ثلاثة أيام. إن لم تنشئ حسابًا فلا حاجة إلى فعل شيء.",
        ),
        MailKind.ADDRESS_IN_USE: (
            "لديك حساب في مودامودا ستوديو",
            "حاول أحدهم، وربما أنت، إنشاء حساب بهذا العنوان، وله حساب من قبل.\n"
            "إن نسيت كلمة المرور فاختر كلمة جديدة هنا:\n\n{link}\n\nإن لم تكن أنت فلم يتغيّر شيء.",
        ),
        MailKind.RESET_PASSWORD: (
            "كلمة مرور جديدة لمودامودا ستوديو",
            "اختر كلمة مرور جديدة لحسابك هنا:\n\n{link}\n\n"
            "يعمل الرابط مرة واحدة خلال ساعة. إن لم تطلب ذلك فلم يتغيّر شيء.",
        ),
        MailKind.PASSWORD_CHANGED: (
            "تغيّرت كلمة مرورك في مودامودا ستوديو",
            "تغيّرت كلمة مرور حسابك الآن، وسُجّل خروج الحواسيب الأخرى.\nإن لم تكن أنت فاختر كلمة جديدة حالًا:\n\n{link}",
        ),
        MailKind.INVITATION: (
            "دعوة إلى مودامودا ستوديو",
            "يدعوك {inviter} إلى حساب شركته في مودامودا ستوديو. اقبل الدعوة هنا:\n\n{link}\n\n"
            "يعمل الرابط سبعة أيام. إن لم تعرف المرسل فلا حاجة إلى فعل شيء.",
        ),
    },
}
LANGUAGES = tuple(LETTERS)


def write(kind: MailKind, language: str, **words: str) -> tuple[str, str]:
    """Subject and text of a mail."""
    subject, text = LETTERS[language][kind]
    return subject, text.format(**words) + "\n"
