"""Django's settings. Everything an operator may change comes from the environment (see ``environment``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.config import environment
from zhiheng.config.layers import APPS
from zhiheng.ui.assets import version_of

HOME = environment.home()
DEBUG = environment.flag("ZHIHENG_DEBUG")
DEMO = environment.flag("ZHIHENG_DEMO")
SECRET_KEY = environment.secret_key(HOME)
ALLOWED_HOSTS = environment.words("ZHIHENG_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.words("ZHIHENG_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *APPS,  # before allauth, whose templates ours replace
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhiheng.ui.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhiheng.accounts.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# Addresses of records are named after them ("desk.ticket:list"); the namespace "records" keeps them apart.
SILENCED_SYSTEM_CHECKS = ["urls.W003"]
ROOT_URLCONF = "zhiheng.config.urls"
WSGI_APPLICATION = "zhiheng.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "zhiheng.ui.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

DATABASES = {"default": environment.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "zhiheng.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "zhiheng.accounts.views.sign_in_form.SignInForm",
    "change_password": "zhiheng.accounts.views.password_form.ChangeForm",
    "set_password": "zhiheng.accounts.views.password_form.SetForm",
    "reset_password_from_key": "zhiheng.accounts.views.password_form.FromKeyForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "zhiheng.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "zhiheng.accounts.views.factor_forms.SignInCodeForm",
    "reauthenticate": "zhiheng.accounts.views.factor_forms.ConfirmCodeForm",
    "activate_totp": "zhiheng.accounts.views.factor_forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhiheng"
USERSESSIONS_TRACK_ACTIVITY = False

LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_CODE = environment.choice(
    "ZHIHENG_LANGUAGE", default="zh-hans", choices=tuple(code for code, _name in LANGUAGES)
)
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.time_zone("ZHIHENG_TIME_ZONE", default="Asia/Shanghai")

ASSETS = version_of()
STATIC_URL = f"/static/{ASSETS}/"
STATIC_ROOT = HOME / "static" / ASSETS
WHITENOISE_USE_FINDERS = True
FILES_ROOT = HOME / "files"
MIRROR_ROOT = HOME / "mirror"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "zhiheng.web.views.errors.forgery"
# Behind TLS the operator sets ZHIHENG_HTTPS=1; the demo on 127.0.0.1 has none.
HTTPS = environment.flag("ZHIHENG_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if environment.words("ZHIHENG_SMTP_HOST", default=[])
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_HOST = next(iter(environment.words("ZHIHENG_SMTP_HOST", default=[])), "")
EMAIL_PORT = environment.number("ZHIHENG_SMTP_PORT", default=25)
EMAIL_FILE_PATH = HOME / "outbox"
# Where people reach this installation: links in mails begin with it.
SITE_URL = next(iter(environment.words("ZHIHENG_URL", default=["http://127.0.0.1:8000"])))
DEFAULT_FROM_EMAIL = next(iter(environment.words("ZHIHENG_MAIL_FROM", default=["zhiheng@localhost"])))

# Holds the attempts to sign in, which all web processes must count together; pages read nothing from it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
# Behind so many proxies that each add to X-Forwarded-For; without this all would share the proxy's address.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("ZHIHENG_PROXIES", default=0)
API_CALLS_PER_MINUTE = environment.number("ZHIHENG_API_CALLS_PER_MINUTE", default=600)
API_FAILURES_PER_MINUTE = environment.number("ZHIHENG_API_FAILURES_PER_MINUTE", default=20)
TASKS = {"default": {"BACKEND": "zhiheng.platform.jobs.backend.LeasedBackend"}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "zhiheng.accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "zhiheng.records.api.errors.problem_details",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Zhiheng",
    "DESCRIPTION": "Runs, measures and improves IT service.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Several fields choose from these.
    "ENUM_NAME_OVERRIDES": {
        "ImpactAndUrgencyEnum": "zhiheng.desk.choices.Level",
        "PriorityEnum": "zhiheng.desk.choices.Priority",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"zhiheng": {"level": "INFO"}},
}
