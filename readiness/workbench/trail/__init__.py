"""The audit trail of the whole organisation: to be searched, proved and taken along by auditors and admins."""
