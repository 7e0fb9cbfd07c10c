"""Who is in the pictures: grouped faces, their names, and every edit of that."""
