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
:root { color-scheme: light dark; font-family: system-ui, "Noto Sans Arabic", sans-serif; line-height: 1.5; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 26rem; margin: 8vh auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
form { display: grid; gap: .4rem; margin: 1.5rem 0; }
label { font-weight: 600; margin-block-start: .6rem; }
input { font: inherit; padding: .65rem .75rem; border: 1px solid GrayText; border-radius: .4rem;
  background: Field; color: FieldText; }
button { font: inherit; font-weight: 600; padding: .7rem 1rem; margin-block-start: .9rem; border: 0;
  border-radius: .4rem; background: #1f4b3f; color: #fff; cursor: pointer; }
button.quiet { background: transparent; color: inherit; border: 1px solid GrayText; }
:focus-visible { outline: 3px solid #c98a1b; outline-offset: 2px; }
.hint { font-size: .9rem; margin: 0; }
.message { border-inline-start: 4px solid #c98a1b; padding: .5rem .9rem; }
.code { font: 700 1.8rem ui-monospace, monospace; letter-spacing: .15em; direction: ltr; unicode-bidi: isolate; }
nav { margin-block-start: 2rem; font-size: .95rem; display: flex; gap: 1rem; justify-content: space-between; }
"""
