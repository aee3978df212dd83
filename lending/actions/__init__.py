"""The acts: each public function is one transaction, by someone, written down. An act never calls an act."""
