"""How gunicorn serves: the same in `make run` and in production, told apart by the environment."""

from core import env

bind = env.text("WEB_BIND", "127.0.0.1:8000")
workers = env.number("WEB_PROCESSES", 1)
worker_class = "gthread"
threads = env.number("WEB_THREADS", 16)
# An upload from a slow line takes long; a thread that hangs is found all the same.
timeout = 120
graceful_timeout = 4
# The beat of a worker must not wait for a slow disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- gunicorn makes an unlinked file of its own there
# Memory that a library loses comes back; not all workers at once.
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
