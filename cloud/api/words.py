"""The words of the browser pages, in English and Arabic."""

WORDS = {
    "en": {
        "direction": "ltr",
        "other": "ar",
        "other_name": "العربية",
        "sign_in": "Sign in",
        "sign_up": "Make an account",
        "sign_in_lead": "To the account of Modamoda Studio.",
        "sign_up_lead": "Your own computer works without an account. It is for cloud rendering, sync and licences.",
        "email": "E-mail address",
        "password": "Password",
        "password_hint": "At least 10 characters.",
        "full_name": "Name (optional)",
        "have_account": "I have an account",
        "bad_credentials": "This address and password do not fit.",
        "bad_sign_up": "Enter an e-mail address and a password of at least 10 characters.",
        "signed_up": "Sign in with this address and password. If it does not work, the address was in use already.",
        "confirm_mail": "Look into your mail: a link in it confirms your address.",
        "forgot": "Forgot the password?",
        "forgot_title": "Choose a new password",
        "forgot_lead": "Enter the address of your account. A mail with a link comes to it.",
        "forgot_send": "Send the mail",
        "forgot_sent": "If this address has an account, a mail is on its way to it.",
        "bad_address": "Enter an e-mail address.",
        "reset_lead": "Other computers will be signed out.",
        "new_password": "New password",
        "reset": "Set the password",
        "reset_done": "Your password is set. Sign in with it.",
        "bad_password": "A password has 10 to 200 characters.",
        "bad_link": "This link is not valid any more. Ask for a new mail.",
        "verify_title": "Confirm your address",
        "verify_lead": "Confirm that this address is yours.",
        "verify": "Confirm",
        "verified": "Thank you, your address is confirmed. You can close this page.",
        "invitation_title": "Join your company’s account",
        "invitation_lead": "You were invited to a company’s account of Modamoda Studio.",
        "invitation_password": "Password (a new one, or that of the account you have with this address)",
        "join": "Join",
        "joined": "Welcome. Sign in with your address and password.",
        "not_now": "This account cannot join: it owns a company’s account that has other members.",
        "wrong_existing": "This address has an account already, and this is not its password.",
        "signed_in_as": "Signed in as",
        "sign_out": "Sign out",
        "brand": "Modamoda Studio",
        "too_many": "Too many tries. Wait a minute, then try again.",
        "device": "Connect a computer",
        "device_lead": "Enter the code that Modamoda Studio shows on that computer.",
        "code": "Code",
        "continue": "Continue",
        "bad_code": "This code is wrong or has expired. Begin again on the computer.",
        "approve_lead": "is asking to use your account. Connect it only if it shows this code now:",
        "approve": "Connect",
        "deny": "Do not connect",
        "approved": "Connected. You can close this page and go back to Modamoda Studio.",
        "denied": "Not connected. You can close this page.",
        "stale": "This page was open too long. Load it again.",
        "paid": "Thank you. Your credits arrive as soon as the payment is confirmed, usually within seconds.",
        "paid_title": "Payment received",
        "unpaid": "Nothing was charged.",
        "unpaid_title": "Payment cancelled",
    },
    "ar": {
        "direction": "rtl",
        "other": "en",
        "other_name": "English",
        "sign_in": "تسجيل الدخول",
        "sign_up": "إنشاء حساب",
        "sign_in_lead": "إلى حساب مودامودا ستوديو.",
        "sign_up_lead": "كل ما على حاسوبك يعمل دون حساب. الحساب للمعالجة السحابية والمزامنة والتراخيص.",
        "email": "البريد الإلكتروني",
        "password": "كلمة المرور",
        "password_hint": "عشرة أحرف على الأقل.",
        "full_name": "الاسم (اختياري)",
        "have_account": "لدي حساب",
        "bad_credentials": "البريد الإلكتروني وكلمة المرور غير متطابقين.",
        "bad_sign_up": "أدخل بريدًا إلكترونيًا وكلمة مرور من عشرة أحرف على الأقل.",
        "signed_up": "سجّل الدخول بهذا البريد وكلمة المرور. إن لم ينجح ذلك فالبريد مستعمل من قبل.",
        "confirm_mail": "انظر في بريدك: فيه رابط يؤكّد عنوانك.",
        "forgot": "نسيت كلمة المرور؟",
        "forgot_title": "اختيار كلمة مرور جديدة",
        "forgot_lead": "أدخل عنوان حسابك، وستصل إليه رسالة فيها رابط.",
        "forgot_send": "إرسال الرسالة",
        "forgot_sent": "إن كان لهذا العنوان حساب فالرسالة في طريقها إليه.",
        "bad_address": "أدخل بريدًا إلكترونيًا.",
        "reset_lead": "سيُسجَّل خروج الحواسيب الأخرى.",
        "new_password": "كلمة المرور الجديدة",
        "reset": "حفظ كلمة المرور",
        "reset_done": "حُفظت كلمة مرورك. سجّل الدخول بها.",
        "bad_password": "كلمة المرور من 10 أحرف إلى 200 حرف.",
        "bad_link": "لم يعد هذا الرابط صالحًا. اطلب رسالة جديدة.",
        "verify_title": "تأكيد عنوانك",
        "verify_lead": "أكّد أن هذا العنوان لك.",
        "verify": "تأكيد",
        "verified": "شكرًا لك، تأكّد عنوانك. يمكنك إغلاق هذه الصفحة.",
        "invitation_title": "الانضمام إلى حساب شركتك",
        "invitation_lead": "دُعيت إلى حساب شركة في مودامودا ستوديو.",
        "invitation_password": "كلمة المرور (جديدة، أو كلمة مرور حسابك بهذا العنوان)",
        "join": "انضمام",
        "joined": "أهلًا بك. سجّل الدخول بعنوانك وكلمة مرورك.",
        "not_now": "لا يستطيع هذا الحساب الانضمام: فهو يملك حساب شركة له أعضاء آخرون.",
        "wrong_existing": "لهذا العنوان حساب من قبل، وهذه ليست كلمة مروره.",
        "signed_in_as": "مسجَّل الدخول باسم",
        "sign_out": "تسجيل الخروج",
        "brand": "مودامودا ستوديو",
        "too_many": "محاولات كثيرة. انتظر دقيقة ثم أعد المحاولة.",
        "device": "ربط حاسوب",
        "device_lead": "أدخل الرمز الذي يعرضه مودامودا ستوديو على ذلك الحاسوب.",
        "code": "الرمز",
        "continue": "متابعة",
        "bad_code": "هذا الرمز خاطئ أو انتهت صلاحيته. ابدأ من جديد على الحاسوب.",
        "approve_lead": "يطلب استعمال حسابك. اربطه فقط إن كان يعرض هذا الرمز الآن:",
        "approve": "ربط",
        "deny": "عدم الربط",
        "approved": "تم الربط. يمكنك إغلاق هذه الصفحة والعودة إلى مودامودا ستوديو.",
        "denied": "لم يتم الربط. يمكنك إغلاق هذه الصفحة.",
        "stale": "بقيت هذه الصفحة مفتوحة مدة طويلة. أعد تحميلها.",
        "paid": "شكرًا لك. تصل أرصدتك فور تأكيد الدفع، عادةً خلال ثوانٍ.",
        "paid_title": "تم استلام الدفع",
        "unpaid": "لم يُخصم أي مبلغ.",
        "unpaid_title": "أُلغي الدفع",
    },
}

STYLE = """
:root { color-scheme: light dark; font-family: system-ui, "Noto Sans Arabic", sans-serif; line-height: 1.5;
  --ground: #f4f2ee; --card: #fff; --ink: #1c1a17; --soft: #5c574f; --line: #8b857b;
  --brand: #1f4b3f; --link: #1f4b3f; }
@media (prefers-color-scheme: dark) { :root { --ground: #171614; --card: #211f1c; --ink: #f1eee8; --soft: #b8b1a6;
  --line: #857e73; --brand: #2f6f5d; --link: #8fd0bb; } }
body { margin: 0; background: var(--ground); color: var(--ink); }
header { max-width: 28rem; margin: 7vh auto 1rem; padding: 0 1.25rem; font-weight: 700; display: flex; gap: .6rem;
  align-items: center; }
header::before { content: ""; width: .9rem; height: 1.1rem; background: var(--brand);
  border-radius: .2rem .2rem 50% 50% / .2rem .2rem 35% 35%; }
main { max-width: 24rem; margin: 0 auto; padding: 1.75rem 2rem 2rem; background: var(--card); border-radius: .8rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / 12%), 0 8px 28px rgb(0 0 0 / 8%); }
footer { max-width: 28rem; margin: 1rem auto 3rem; padding: 0 1.25rem; font-size: .95rem; }
@media (max-width: 30rem) { main { border-radius: 0; padding: 1.5rem 1.25rem; } header { margin-top: 1.5rem; } }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
form { display: grid; gap: .4rem; margin: 1.25rem 0; }
label { font-weight: 600; margin-block-start: .6rem; }
input { font: inherit; padding: .65rem .75rem; border: 1px solid var(--line); border-radius: .4rem;
  background: Field; color: FieldText; min-width: 0; }
button { font: inherit; font-weight: 600; padding: .75rem 1rem; margin-block-start: .9rem; border: 0;
  border-radius: .4rem; background: var(--brand); color: #fff; cursor: pointer; }
button.quiet { background: transparent; color: inherit; border: 1px solid var(--line); margin-block-start: .3rem; }
button.link { background: none; color: var(--link); padding: 0; margin: 0; text-decoration: underline;
  font-weight: 400; }
:focus-visible { outline: 3px solid #c98a1b; outline-offset: 2px; }
.hint, .who { font-size: .9rem; color: var(--soft); margin: 0; }
.who { display: flex; flex-wrap: wrap; gap: .3rem .6rem; align-items: baseline; margin-block-end: 1rem; }
.who form { margin: 0; display: inline; }
.message { border-inline-start: 4px solid #c98a1b; background: rgb(201 138 27 / 12%); padding: .6rem .9rem;
  border-radius: .2rem; margin: 1rem 0; }
.code { font: 700 1.9rem ui-monospace, monospace; letter-spacing: .12em; direction: ltr; unicode-bidi: isolate;
  text-align: center; padding: .5rem; border: 1px dashed var(--line); border-radius: .4rem; }
.ways { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin: 0; }
"""
