"""Who may do what at which door, written out by hand from the table of the domain's rules, independently of the code.

A row is a route (and a variant of what is sent, behind a colon), a method, what the answer is where it is allowed
(``ok``) and where the initiative has ended (``ended``), and a cell for each person: ``ok``, or the status they get.
``in`` is the way to the sign-in page, and 401 in the API. Nobody's column is also that of who was deactivated.
What is no row is no door: ``test_matrix`` holds these tables against the URL resolver and the OpenAPI document.

On the team: lena (lead), mia (no role), rita (reviewer), abel (auditor), adam (admin). Off it: omar (lead), ravi
(reviewer), elsa (executive), iris (auditor), ada (admin), nils (no role).
"""

PAGES = """
route                    method ok  ended nobody lena mia  rita abel adam omar ravi elsa iris ada  nils
home                     GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
initiatives              GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio                GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-gates          GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-trend          GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-compare        GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-causes         GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-money          GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-time           GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
symptoms                 GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
symptom                  GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok

portfolio-reports        GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-reports        POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-reports-monthly POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-report         GET    200 -     in     404  404  404  404  404  404  404  ok   404  404  404
portfolio-report-progress GET    200 -     in     404  404  404  404  404  404  404  ok   404  404  404
portfolio-report-resume  POST   302 -     in     404  404  404  404  404  404  404  ok   404  404  404
portfolio-report-file    GET    200 -     in     404  404  404  404  404  404  404  ok   404  404  404
portfolio-reports-unsubscribe GET    200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
portfolio-reports-unsubscribe POST   200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok

audit                    GET    200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
audit-proof              GET    200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
audit-proof              POST   200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
audit-file               GET    200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
audit-file:csv           GET    200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
audit-candidates         GET    200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
audit-candidates:initiatives GET 200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
initiative-new           GET    200 -     in     ok   403  403  403  ok   ok   403  ok   403  ok   403
initiative-new           POST   302 -     in     ok   403  403  403  ok   ok   403  ok   403  ok   403
initiative-new:late      POST   302 -     in     422  403  403  403  ok   422  403  422  403  ok   403

initiative-similar       POST   200 -     in     ok   403  403  403  ok   ok   403  ok   403  ok   403

canvas                   GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
canvas-section           GET    302 302   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
canvas-section           POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
canvas-section:people    POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
canvas-section:htmx      POST   200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
initiative               GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
initiative-history       GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
initiative-why           GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
initiative-edit          GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
initiative-edit          POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
initiative-stage         GET    200 302   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
initiative-stage         POST   302 409   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
initiative-stop          GET    200 302   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
initiative-stop          POST   302 409   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
initiative-hold          GET    200 302   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
initiative-hold          POST   302 409   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
initiative-frameworks    GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
initiative-frameworks    POST   302 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
framework-detach         POST   302 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
initiative-version       GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
initiative-version       POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
material-change          GET    200 302   in     ok   ok   ok   403  ok   403  ok   403  403  403  404
material-change          POST   302 409   in     ok   ok   ok   403  ok   403  ok   403  403  403  404
flag-acknowledge         POST   302 302   in     ok   ok   ok   403  ok   403  ok   ok   403  403  404
flag-snooze              GET    200 302   in     ok   ok   ok   403  ok   403  ok   ok   403  403  404
flag-snooze              POST   302 409   in     ok   ok   ok   403  ok   403  ok   ok   403  403  404
flag-cause               GET    200 302   in     ok   ok   ok   403  ok   403  ok   403  403  403  404
flag-cause               POST   302 409   in     ok   ok   ok   403  ok   403  ok   403  403  403  404
initiative-roadmap       GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
initiative-roadmap       POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
phase-begin              POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
phase-take-back          POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
initiative-budget        GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
initiative-budget        POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404

profile                  GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
profile                  POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
checklist                GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
proposals-take           GET    302 302   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
proposals-take           POST   302 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
answer                   GET    302 302   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
answer                   POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
answer:htmx              POST   200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-add             GET    302 302   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
evidence-add             POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-add:htmx        POST   200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-add:file        POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
item-check               GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
item-check               POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-withdraw        GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-withdraw        POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-file            GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
evidence-preview         GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
evidence-renew           GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-reuse           GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-reuse           POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
evidence-reuse:htmx      POST   200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404

promises                 GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
kpi                      GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
kpi-new                  GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
kpi-new                  POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
kpi-edit                 GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
kpi-edit                 POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
kpi-edit:locked          POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
kpi-remove               GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
kpi-remove               POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
exit-new                 GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
exit-new                 POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
exit-edit                GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
exit-edit                POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
exit-remove              GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
exit-remove              POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
exit-decide              GET    200 302   in     ok   403  403  403  403  403  403  ok   403  403  404
exit-decide              POST   302 409   in     ok   403  403  403  403  403  403  ok   403  403  404
exit-decide:go_on        POST   302 409   in     403  403  403  403  403  403  403  ok   403  403  404
reading-add              GET    302 302   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
reading-add              POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
reading-import           GET    302 302   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
reading-import           POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
reading-withdraw         GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
reading-withdraw         POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
amendment-acknowledge    POST   302 302   in     403  403  403  403  403  403  ok   403  403  403  404

initiative-people        GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
handover-start           POST   302 302   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
handover                 POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
handover-close           GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
handover-close           POST   302 302   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
initiative-comments      GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
initiative-comments      POST   302 302   in     ok   ok   ok   403  ok   ok   ok   ok   403  ok   404
initiative-comments:htmx POST   200 200   in     ok   ok   ok   403  ok   ok   ok   ok   403  ok   404
mentions                 GET    200 200   in     ok   ok   ok   403  ok   ok   ok   ok   403  ok   404
candidates               GET    200 200   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
candidates:owner         GET    200 200   in     ok   ok   ok   403  ok   403  403  403  403  403  404
candidates:decider       GET    200 200   in     ok   ok   ok   403  ok   403  403  403  403  403  404
candidates:keeper        GET    200 200   in     403  403  403  403  403  403  ok   403  403  403  404
candidates:next-keeper   GET    200 200   in     ok   ok   ok   403  ok   ok   ok   ok   403  ok   404
candidates:assignee      GET    200 200   in     ok   ok   ok   403  ok   403  403  403  403  403  404
assigned                 GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
item-assignment          GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
item-assignment          POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
item-assignment:htmx     POST   200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
assignment-end           POST   302 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
assignment-end:htmx      POST   200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
what-worked              GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
what-worked              POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
frameworks               GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
framework                GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
framework-file           GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
lessons                  GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok

gate                     GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
snapshot                 GET    200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
gate-submit              GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
gate-submit              POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
gate-decide              GET    200 302   in     403  403  403  403  403  403  ok   403  403  403  404
gate-decide              POST   302 409   in     403  403  403  403  403  403  ok   403  403  403  404
waiver-new               GET    200 302   in     403  403  403  403  403  403  ok   403  403  403  404
waiver-new               POST   302 409   in     403  403  403  403  403  403  ok   403  403  403  404
condition-keep           GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
condition-keep:lead      GET    200 302   in     ok   ok   ok   403  ok   ok   403  403  403  403  404
condition-keep:auditor   GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
condition-keep           POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
condition-keep:lead      POST   302 409   in     ok   ok   ok   403  ok   ok   403  403  403  403  404
condition-keep:auditor   POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
condition-give           GET    200 302   in     ok   ok   ok   403  ok   403  403  403  403  403  404
condition-give:lead      GET    200 302   in     ok   ok   ok   403  ok   ok   403  403  403  403  404
condition-give           POST   302 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
condition-give:lead      POST   302 409   in     ok   ok   ok   403  ok   ok   403  403  403  403  404
condition-confirm        GET    200 302   in     403  403  403  403  403  403  ok   403  403  403  404
condition-confirm        POST   302 409   in     403  403  403  403  403  403  ok   403  403  403  404
condition-reopen         GET    200 302   in     403  403  403  403  403  403  ok   403  403  403  404
condition-reopen         POST   302 409   in     403  403  403  403  403  403  ok   403  403  403  404
reviews                  GET    200 -     in     403  403  ok   403  403  403  ok   403  403  403  403
conditions-confirm       POST   200 -     in     403  403  409  403  403  403  ok   403  403  403  403

account                  GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
home-page                GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
views                    GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
view-save                POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
view-home                POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
view                     GET    302 -     in     ok   404  404  404  404  404  404  404  404  404  404
view-change              POST   302 -     in     ok   404  404  404  404  404  404  404  404  404  404
view-delete              POST   302 -     in     ok   404  404  404  404  404  404  404  404  404  404
view-start               POST   302 -     in     ok   404  404  404  404  404  404  404  404  404  404
account-language         POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-sessions-end     POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-data             GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-notifications    GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-notifications    POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
notifications            GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
notifications-read       POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
unsubscribe              GET    200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
unsubscribe              POST   200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-password         GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-password         POST   302 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-two-factor       GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-two-factor       POST   422 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-two-factor-codes POST   422 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-two-factor-off   POST   422 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-tokens           GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-tokens           POST   201 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account-token-revoke     GET    200 -     in     ok   ok   404  404  ok   ok   ok   ok   ok   ok   404
account-token-revoke     POST   302 -     in     ok   ok   404  404  ok   ok   ok   ok   ok   ok   404
account-token-revoke:his GET    200 -     in     404  404  404  404  ok   ok   404  404  404  ok   404
account-token-revoke:his POST   302 -     in     404  404  404  404  ok   ok   404  404  404  ok   404

people                   GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
people-list              GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
people-list              POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
people-list-sample       GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-new               GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-new               POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-edit              GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-edit              POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-deactivate        GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-deactivate        POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-reactivate        GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-reactivate        POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-hand-over         GET    200 -     in     ok   ok   ok   403  ok   403  403  403  403  ok   403
person-hand-over         POST   200 -     in     ok   ok   ok   403  ok   403  403  403  403  ok   403
successors               GET    200 -     in     ok   ok   ok   403  ok   403  403  403  403  ok   403
person-two-factor-reset  GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-two-factor-reset  POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-erase             GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-erase             POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-data              GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
person-invite            POST   201 -     in     403  403  403  403  ok   403  403  403  403  ok   403
organisation             GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
organisation             POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
organisation-end-demo    GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
organisation-end-demo    POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
thresholds               GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
threshold-edit           GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
threshold-edit           POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
threshold-reset          POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-publish        POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
frameworks-beginning     GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
frameworks-beginning     POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-change         POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-copy           GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-copy           POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-empty          GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-empty          POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft          GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-section  GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-section  POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-part     GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-part     POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-remove   GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-remove   POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-arrange  POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-file     GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-publish  GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-publish  POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-discard  GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
framework-draft-discard  POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
limits                   GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
limits                   POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
limit-remove             POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
rates                    GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
rates                    POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
rate-remove              POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhooks                 GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhooks                 POST   201 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook                  GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook                  POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook-secret           POST   200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook-switch           POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook-ping             POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook-remove           GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook-remove           POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
webhook-replay           POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
imports                  GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
imports                  POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
import                   GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
import-progress          GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
import-left-out          GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
import-sample            GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
import-sample-mapping    GET    200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
import-run               POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403
import-resume            POST   302 -     in     403  403  403  403  ok   403  403  403  403  ok   403

login                    GET    200 -     ok     302  302  302  302  302  302  302  302  302  302  302
login                    POST   302 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
login:wrong              POST   302 -     422    422  422  422  422  422  422  422  422  422  422  422
login-code               GET    200 -     302    302  302  302  302  302  302  302  302  302  302  302
login-code               POST   302 -     302    302  302  302  302  302  302  302  302  302  302  302
logout                   POST   302 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
password_reset           GET    200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
password_reset           POST   302 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
password_reset_done      GET    200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
password_link            GET    302 -     410    410  410  410  410  410  410  410  410  410  410  410
password_set             GET    200 -     410    410  410  410  410  410  410  410  410  410  410  410
password_set             POST   302 -     410    410  410  410  410  410  410  410  410  410  410  410
ui:theme                 POST   302 -     302    302  302  302  302  302  302  302  302  302  302  302
ui:gallery               GET    200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
health-live              GET    200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
health-ready             GET    200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
metrics                  GET    200 -     404    404  404  404  404  404  404  404  404  404  404  404
api-docs                 GET    200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
"""

# The scope is what a token needs: with any other it gets 403, whoever's it is and whatever it asks for.
API = """
route                           method scope  ok  ended nobody lena mia  rita abel adam omar ravi elsa iris ada  nils
api-initiatives                 GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-initiatives                 POST   write  201 -     in     ok   403  403  403  ok   ok   403  ok   403  ok   403
api-initiatives:late            POST   write  201 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-initiative                  GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-initiative                  PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-initiative:people           PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
api-stage                       POST   write  200 409   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
api-stage:stop                  POST   write  200 409   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
api-hold                        POST   write  200 409   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
api-hold                        DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  ok   403  403  404
api-stakeholders                GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-stakeholders                PUT    write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-initiative-frameworks       POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-initiative-framework        DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-initiative-version          GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-initiative-version          POST   write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-roadmap                     GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-roadmap                     PUT    write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-phase-begin                 POST   write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-phase-begin                 DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-spending                    GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-spending                    PUT    write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-checklist                   GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-checklist                   PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-item                        GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-item                        PUT    write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-item:evidence               PUT    write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-item-evidence               POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-evidence-reuse              POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-item-check                  PUT    write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-item-check:free             DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-checks                      GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-checks                      POST   checks 201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-item-evidence-piece         GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-item-evidence-piece         DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-evidence                    GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-evidence                    DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-evidence-file               GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-gates                       GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-gate-submit                 POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-gate-decision               POST   review 201 409   in     403  403  403  403  403  403  ok   403  403  403  404
api-condition                   PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-condition:lead              PATCH  write  200 409   in     ok   ok   ok   403  ok   ok   403  403  403  403  404
api-condition-keep              POST   write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-condition-keep:lead         POST   write  200 409   in     ok   ok   ok   403  ok   ok   403  403  403  403  404
api-condition-keep:auditor      POST   write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-condition-confirm           POST   review 200 409   in     403  403  403  403  403  403  ok   403  403  403  404
api-condition-reopen            POST   review 200 409   in     403  403  403  403  403  403  ok   403  403  403  404
api-handovers                   GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-handovers                   POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
api-handover                    PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
api-handover-close              POST   write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  ok   404
api-comments                    GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-comments                    POST   write  201 201   in     ok   ok   ok   403  ok   ok   ok   ok   403  ok   404
api-assignments                 GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-assignments                 POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-assignment                  GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-assignment                  PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-assignment-end              POST   write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-what-worked                 GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-what-worked                 PUT    write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-waivers                     GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-waivers                     POST   review 201 409   in     403  403  403  403  403  403  ok   403  403  403  404
api-kpis                        GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-kpis                        POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-kpi                         GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-kpi                         PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-kpi:locked                  PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-kpi                         DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-exit-criteria               GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-exit-criteria               POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-exit-criterion              GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-exit-criterion              PATCH  write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-exit-criterion              DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-exit-decision               POST   review 201 409   in     ok   403  403  403  403  403  403  ok   403  403  404
api-exit-decision:go_on         POST   review 201 409   in     403  403  403  403  403  403  403  ok   403  403  404
api-readings                    GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-readings                    POST   write  201 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-reading                     DELETE write  200 409   in     ok   ok   ok   403  ok   403  403  403  403  403  404
api-amendments                  GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-amendment-acknowledge       POST   review 200 409   in     403  403  403  403  403  403  ok   403  403  403  404
api-material-change             POST   write  201 409   in     ok   ok   ok   403  ok   403  ok   403  403  403  404
api-snapshots                   GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-snapshot                    GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-snapshot-diff               GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-readiness                   GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-history                     GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-badge                       GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-deploy-check                GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-initiative-flags            GET    read   200 200   in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   404
api-flag-acknowledge            POST   write  200 409   in     ok   ok   ok   403  ok   403  ok   ok   403  403  404
api-flag-snooze                 POST   write  200 409   in     ok   ok   ok   403  ok   403  ok   ok   403  403  404
api-flag-cause                  POST   write  200 409   in     ok   ok   ok   403  ok   403  ok   403  403  403  404

api-lessons                     GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-hand-over                   POST   write  200 -     in     ok   ok   ok   403  ok   403  403  403  403  ok   403
api-portfolio                   GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-portfolio-money             GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-portfolio-survival          GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-symptoms                    GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-scores                      GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-flags                       GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-conditions-confirm          POST   review 200 -     in     403  403  409  403  403  403  ok   403  403  403  403
api-limits                      GET    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-limits                      PUT    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-rates                       GET    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-rates                       POST   admin  201 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-rate                        GET    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-rate                        DELETE admin  204 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhooks                    GET    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhooks                    POST   admin  201 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook                     GET    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook                     PATCH  admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook                     DELETE admin  204 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook-secret              POST   admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook-ping                POST   admin  201 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook-deliveries          GET    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook-delivery            GET    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-webhook-replay              POST   admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-users                       GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-frameworks                  GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-frameworks                  POST   admin  201 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-framework                   GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-starting-frameworks         GET    read   200 -     in     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-starting-frameworks         PUT    admin  200 -     in     403  403  403  403  ok   403  403  403  403  ok   403
api-audit                       GET    read   200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
api-audit-proof                 GET    read   200 -     in     403  403  403  ok   ok   403  403  403  ok   ok   403
api-problems                    GET    -      200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-problem                     GET    -      200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-schema                      GET    -      200 -     ok     ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api-not-there                   GET    -      200 -     404    404  404  404  404  404  404  404  404  404  404  404
"""
