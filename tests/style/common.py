# What the style checks share: the files of the tree, and the way a check proves it can fail.
import os
import subprocess
import sys
import tempfile

SOURCE = (".c", ".h", ".l", ".y")


def tree(root):
	"""All our files, relative to root: what git knows or would add, else all."""
	try:
		out = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
				     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
				     text=True).stdout
		names = out.split("\n")
	except (OSError, subprocess.CalledProcessError):
		names = []
		for folder, below, files in os.walk(root):
			below[:] = [d for d in below if not d.startswith((".git", "build", "__"))]
			names += [os.path.relpath(os.path.join(folder, f), root) for f in files]
	return sorted(n for n in names if n and os.path.isfile(os.path.join(root, n)))


def read(root, name):
	with open(os.path.join(root, name), encoding="utf-8", errors="replace") as f:
		return f.read().split("\n")


def is_script(root, name):
	if name.endswith((".py", ".sh")):
		return True
	if "." in os.path.basename(name):
		return False
	with open(os.path.join(root, name), "rb") as f:
		return f.read(2) == b"#!"


def main(check, bad, good):
	"""
	check(root) yields complaints. bad: {complaint part: {file: text}}, trees it must complain
	about; good: a tree it must accept. Then the real tree, named on the command line.
	"""
	wrong = self_test(check, bad, good)
	result("self-test", 1, wrong)
	complaints = list(check(sys.argv[1]))
	result("tree", 2, complaints)
	print("1..2")
	return 1 if wrong or complaints else 0


def result(name, number, complaints):
	print("%sok %d - %s" % ("not " if complaints else "", number, name))
	for line in complaints:
		print("# " + line)


def self_test(check, bad, good):
	wrong = []
	for part, files in list(bad.items()) + [(None, good)]:
		with tempfile.TemporaryDirectory(prefix="bcct-style.") as root:
			for name, text in files.items():
				path = os.path.join(root, name)
				os.makedirs(os.path.dirname(path), exist_ok=True)
				with open(path, "w", encoding="utf-8") as f:
					f.write(text)
			found = list(check(root))
			if part and not any(part in line for line in found):
				wrong.append("not found in a tree that has it: %s" % part)
			elif not part and found:
				wrong.append("found in a tree without fault: %s" % found[0])
	return wrong
