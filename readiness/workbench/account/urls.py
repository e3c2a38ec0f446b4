"""Addresses of the front door and of a person's own account; the project includes them at its root."""

from django.urls import path

from readiness.workbench.account import data, pages, recovery, signin, two_factor

urlpatterns = [
    path("login/", signin.sign_in, name="login"),
    path("login/code/", two_factor.sign_in_code, name="login-code"),
    path("logout/", signin.sign_out, name="logout"),
    path("password/forgotten/", recovery.forgotten, name="password_reset"),
    path("password/forgotten/sent/", recovery.forgotten_done, name="password_reset_done"),
    path("password/set/", recovery.set_password, name="password_set"),
    path("password/set/<str:key>/", recovery.open_link, name="password_link"),
    path("account/", pages.account, name="account"),
    path("account/language/", pages.language, name="account-language"),
    path("account/sessions/end/", pages.end_other_sessions, name="account-sessions-end"),
    path("account/data/", data.own_data, name="account-data"),
    path("account/password/", pages.password, name="account-password"),
    path("account/two-factor/", two_factor.two_factor, name="account-two-factor"),
    path("account/two-factor/codes/", two_factor.renew_codes, name="account-two-factor-codes"),
    path("account/two-factor/off/", two_factor.switch_off, name="account-two-factor-off"),
    path("account/tokens/", pages.tokens, name="account-tokens"),
    path("account/tokens/<int:token_id>/revoke/", pages.token_revoke, name="account-token-revoke"),
]
