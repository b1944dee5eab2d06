"""What stands on the dashboard (F8): one module and one fragment a panel."""
