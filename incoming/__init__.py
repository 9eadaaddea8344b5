"""Incoming documents: receive, register, submit, direct, assign, process, finish (Kon Tum Điều 13)."""
