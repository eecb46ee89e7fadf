"""What each command does with its options: read the paths, call one public function, show it."""
