"""The life of a job: the queue, the worker, intake and history."""
