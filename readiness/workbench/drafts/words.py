"""The words for what can be chosen in a framework."""

from readiness.ui.lazily import gettext_lazy as _

KINDS = {
    "gates": _("Gates: domains, each decided by a reviewer"),
    "checkpoints": _("Checkpoints: points in time; they can be submitted before their criteria hold"),
    "profile": _("Profile: drawn, without a status"),
    "overlay": _("Overlay: added to single initiatives"),
}
ORDERS = {
    "sequential": _("In order: each is locked until those before it are passed"),
    "any": _("In any order: none is ever locked"),
}
EVIDENCE = {
    "required": _("Required: an answer counts as far as its evidence allows"),
    "optional": _("Optional: the declared answer counts"),
}
