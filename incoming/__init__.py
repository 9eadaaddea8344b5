"""Incoming documents, from their arrival to the end of the work (Kon Tum Điều 13)."""
