"""What all documents share: national fields, files, the trail, grants, routing, registers."""
