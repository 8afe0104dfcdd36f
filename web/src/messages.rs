//! What the main thread and its workers say to each other.
