"""Reading the audit: searched and exported by admins. It is written and proved two floors below, in `hub.audit`."""
