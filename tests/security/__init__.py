"""What an attacker tries, class by class (docs/security.md)."""
