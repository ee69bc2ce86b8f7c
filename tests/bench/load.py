#!/usr/bin/env python3
# Load for tracers to see, on a machine that may be wrecked (a guest): load.py [SECONDS]
#
# Processes, reads and writes, TCP on the loopback, signals, user ids, a disk on a loop device,
# name look-ups, TLS, a shell at a terminal. What this machine cannot do is left out, with a
# word on stderr.
import glob
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def sh(text, **more):
	return subprocess.run(["sh", "-c", text], check=False, timeout=20, **QUIET,
			      **more).returncode


def processes():
	sh("/bin/true; ls -l /etc/apt >/dev/null; cat /etc/passwd /nosuch")
	sh("sleep 0.05; sh -c 'kill -USR1 $$'; kill -0 1; nice -n 5 true")


def files(folder):
	with open(folder + "/file", "wb") as f:
		f.write(b"x" * 300000)
		os.fsync(f.fileno())
	with open(folder + "/file", "rb") as f:
		while f.read(4096):
			pass
	os.unlink(folder + "/file")
	sh("find /etc/apt; stat /etc/hosts /nosuch")
	os.sync()


def serve(family, address):
	s = socket.socket(family)
	s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
	s.bind(address)
	s.listen(5)

	def loop():
		while True:
			c, _ = s.accept()
			c.sendall(c.recv(4096))
			c.close()
	threading.Thread(target=loop, daemon=True).start()


def network(folder):
	for family, address in ((socket.AF_INET, ("127.0.0.1", 7007)),
				(socket.AF_INET6, ("::1", 7008)),
				(socket.AF_UNIX, folder + "/socket")):
		try:
			with socket.socket(family) as c:
				c.settimeout(3)
				c.connect(address)
				c.sendall(b"hello over there\n" * 10)
				c.recv(4096)
		except OSError:
			pass
	for host, port in (("127.0.0.1", 9), ("::1", 9)):  # refused
		try:
			socket.create_connection((host, port), 1).close()
		except OSError:
			pass


def users():
	pid = os.fork()
	if not pid:
		try:
			os.setresgid(65534, 65534, 65534)
			os.setresuid(1000, 1000, 1000)
			os.open("/etc/shadow", os.O_RDONLY)
		except OSError:
			pass
		os._exit(0)
	os.waitpid(pid, 0)
	os.setuid(0)


def names():
	sh("getent ahosts localhost; getent hosts localhost")


def terminal():
	"""A shell that reads lines as from a person."""
	pid, fd = pty.fork()
	if not pid:
		os.execvp("bash", ["bash", "--norc", "-i"])
	time.sleep(0.4)
	for line in (b"echo typed\n", b"exit\n"):
		os.write(fd, line)
		time.sleep(0.2)
	try:
		while os.read(fd, 1000):
			pass
	except OSError:
		pass
	os.waitpid(pid, 0)
	os.close(fd)


class Disk:
	"""A loop device; in a guest its module is where scripts/guest keeps the kernel."""

	def __init__(self, folder):
		self.file = folder + "/disk"
		kept = os.environ.get("BCCT_GUEST_DIR") or os.path.expanduser(
			"~root/.cache/bcct-guest")
		module = glob.glob("%s/*/lib/modules/%s/kernel/drivers/block/loop.ko*"
				   % (kept, os.uname().release))
		if module:
			sh("case %s in *.xz) xz -dc %s;; *) cat %s;; esac >%s.ko;"
			   "insmod %s.ko || busybox insmod %s.ko"
			   % (module[0], module[0], module[0], *(self.file,) * 3))
		else:
			sh("modprobe loop")
		sh("truncate -s 32M %s" % self.file)
		out = subprocess.run(["losetup", "-f", "--show", self.file], check=False, text=True,
				     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
		self.device = out.stdout.strip()
		if not self.device:
			print("load: no loop device here", file=sys.stderr)

	def work(self):
		if self.device:
			sh("dd if=/dev/urandom of=%s bs=64k count=10 oflag=direct;"
			   "dd if=%s of=/dev/null bs=16k count=30 iflag=direct"
			   % (self.device, self.device))


class Tls:
	"""A server and its clients."""

	def __init__(self, folder):
		self.server = None
		if not shutil.which("openssl") or sh("cd %s && openssl req -x509 -newkey rsa:2048 "
				"-nodes -keyout k -out c -subj /CN=x -days 1" % folder):
			print("load: no openssl here", file=sys.stderr)
			return
		self.server = subprocess.Popen(["openssl", "s_server", "-accept", "7009", "-cert",
				"c", "-key", "k", "-quiet", "-www"], cwd=folder, **QUIET)

	def work(self):
		if self.server:
			sh("echo Q | timeout 3 openssl s_client -connect 127.0.0.1:7009")


def memory(folder):
	"""A process that is killed for want of memory, if cgroups can be made."""
	group = "/sys/fs/cgroup/load"
	try:
		os.makedirs(group, exist_ok=True)
		with open("/sys/fs/cgroup/cgroup.subtree_control", "w", encoding="ascii") as f:
			f.write("+memory")
		with open(group + "/memory.max", "w", encoding="ascii") as f:
			f.write("12M")
	except OSError:
		return
	sh("echo $$ > %s/cgroup.procs; exec python3 -c 'x = bytearray(60000000)'" % group)


def repeat(end, *steps):
	while time.time() < end:
		for step in steps:
			try:
				step()
			except (OSError, subprocess.SubprocessError) as error:
				print("load: %s" % error, file=sys.stderr)


def main():
	end = time.time() + (float(sys.argv[1]) if len(sys.argv) > 1 else 10)
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
	sh("ip link set lo up")
	with tempfile.TemporaryDirectory() as folder:
		serve(socket.AF_INET, ("127.0.0.1", 7007))
		serve(socket.AF_INET6, ("::1", 7008))
		serve(socket.AF_UNIX, folder + "/socket")
		disk, tls = Disk(folder), Tls(folder)
		print("ready", flush=True)
		slow = threading.Thread(daemon=True, target=repeat, args=(end, names, terminal,
				tls.work, lambda: memory(folder)))
		slow.start()
		repeat(end, processes, lambda: files(folder), lambda: network(folder), users,
		       disk.work)


if __name__ == "__main__":
	main()
