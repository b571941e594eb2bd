"""The smallest honest broadcast servers of their kind: a frame is decoded, gets a seq, is encoded once, goes to all.

Each takes the port as its first argument. They check nobody, store nothing, and do not compress.
"""
