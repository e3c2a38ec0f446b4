"""Who holds an initiative together: its people, what they hand over, what they remark, what they leave to others."""
