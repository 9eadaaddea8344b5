"""Agencies, units, people, their appointments, the regulation each agency works under, sign-in."""
