# The test-case file format, shared by the lang, run and docs tests: reading it and nothing else.
# The format is described in tests/README.md.
import os
import re
import subprocess

# key: does it take several lines, one entry per line?
KEYS = {
	"bcct": False, "program": False, "script": False, "sh": False, "file": False,
	"args": False, "env": True, "load": False, "stop": False, "timeout": False,
	"status": False, "kernel": False, "where": False, "needs": False, "skip": False,
	"expect": False, "match": True, "stderr": False, "stderr-match": True, "not": True,
	"error": False, "ast": False, "plan": False, "compiles": False, "keep": False,
}
# what decides how the program is run; defaults of a file may not set these
COMMANDS = ("bcct", "program", "script", "sh")
EXPECTATIONS = ("expect", "match", "stderr", "stderr-match", "not", "error", "ast", "plan",
		"compiles")

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.,+-]*$")
KEY = re.compile(r"([a-z-]+)(?: ([\w./-]+))?:(?:[ \t]+(.*))?$")


class BadCase(Exception):
	pass


class Case:
	def __init__(self, path, line, name, defaults=None):
		self.path, self.line, self.name = path, line, name
		self.keys = dict(defaults.keys) if defaults else {}
		self.files = dict(defaults.files) if defaults else {}

	@property
	def full_name(self):
		return "%s/%s" % (os.path.splitext(os.path.basename(self.path))[0], self.name)

	def get(self, key, default=None):
		return self.keys.get(key, default)

	def lines(self, key):
		return [l for l in self.keys.get(key, "").split("\n") if l]

	def put(self, key, argument, value, where):
		if key not in KEYS:
			raise BadCase("%s: unknown key '%s'" % (where, key))
		if key == "file":
			if not argument:
				raise BadCase("%s: 'file' needs a name" % where)
			self.files[argument] = value
			return
		if argument:
			raise BadCase("%s: '%s' takes no argument before ':'" % (where, key))
		self.keys[key] = value

	def check(self):
		where = "%s:%d" % (self.path, self.line)
		if sum(key in self.keys for key in COMMANDS if key != "script") > 1:
			raise BadCase("%s: more than one of bcct, program, sh" % where)
		if not any(key in self.keys for key in COMMANDS):
			raise BadCase("%s: nothing to run (bcct, program, script or sh)" % where)


def block(lines, at):
	"""The tab-indented lines from lines[at] on; empty lines inside belong to it."""
	out = []
	while at < len(lines) and (lines[at].startswith("\t") or not lines[at].strip()):
		out.append(lines[at][1:] if lines[at].startswith("\t") else "")
		at += 1
	while out and not out[-1]:
		out.pop()
	return "\n".join(out), at


def read(path):
	"""All cases of a .test file."""
	with open(path, encoding="utf-8", errors="surrogateescape") as f:
		lines = f.read().split("\n")
	defaults = current = Case(path, 1, "defaults")
	cases, seen, at = [], set(), 0
	while at < len(lines):
		line, where = lines[at], "%s:%d" % (path, at + 1)
		at += 1
		if not line.strip() or line.startswith("#"):
			continue
		if line.startswith("=="):
			name = line[2:].strip()
			if not NAME.match(name):
				raise BadCase("%s: bad case name '%s'" % (where, name))
			if name in seen:
				raise BadCase("%s: second case '%s'" % (where, name))
			seen.add(name)
			current = Case(path, at, name, defaults)
			cases.append(current)
			continue
		m = KEY.match(line)
		if not m:
			raise BadCase("%s: not a key, case, comment or indented" % where)
		key, argument, value = m.groups()
		if value is None:
			value, at = block(lines, at)
		current.put(key, argument, value, where)
	for case in cases:
		case.check()
	return cases


# ---- examples in Markdown ----------------------------------------------------------------------

FENCE = re.compile(r"^(```+|~~~+)\s*(.*)$")
COMMAND = re.compile(r"^(?:[#$] )?(?:sudo )?(?:build/bcct|scripts/try|bcct)\s")


def commands(text):
	"""The bcct command lines of a shell block: [argument string], quotes may span lines."""
	out, lines, at = [], text.split("\n"), 0
	while at < len(lines):
		m = COMMAND.match(lines[at])
		if not m:
			at += 1
			continue
		command = lines[at][m.end():]
		at += 1
		while at < len(lines) and (command.endswith("\\") or command.count("'") % 2):
			command = command[:-1] if command.endswith("\\") else command + "\n"
			command += lines[at]
			at += 1
		out.append(command)
	return out


def read_markdown(path):
	"""Cases from the fenced blocks whose info string says check or run, see tests/README.md."""
	with open(path, encoding="utf-8") as f:
		lines = f.read().split("\n")
	cases, at = [], 0
	while at < len(lines):
		m = FENCE.match(lines[at])
		at += 1
		if not m:
			continue
		start, body, words = at, [], m.group(2).split()
		while at < len(lines) and not lines[at].startswith(m.group(1)):
			body.append(lines[at])
			at += 1
		at += 1
		if not words or words[0] not in ("bcct", "sh", "c"):
			continue
		mode = [w for w in words[1:] if w in ("check", "run")]
		if not mode:
			continue
		text = "\n".join(body)
		found = [text] if words[0] in ("bcct", "c") else commands(text)
		if not found:
			raise BadCase("%s:%d: no bcct command in this block" % (path, start))
		for n, item in enumerate(found):
			name = "line %d" % start + (" no %d" % (n + 1) if len(found) > 1 else "")
			case = Case(path, start, name)
			check = "--check " if mode[0] == "check" else ""
			if words[0] == "sh":
				case.keys["bcct"] = check + item
			else:
				case.keys["bcct"] = check + "case.bt"
				case.keys["script"] = text
			if mode[0] == "run":
				case.keys.update(where="guest", stop="3", load=DOC_LOAD)
				case.keys["not"] = r"\berror: "
			else:
				case.keys["where"] = "host"
			cases.append(case)
	return cases


# something for every example to see: files read and written, processes, sleeps
DOC_LOAD = ("while :; do ls / >/dev/null; cat /etc/passwd >/dev/null; (exit 0) & wait; "
	    "sleep 0.1; done")


UNIT_FIELDS = ("kind", "name", "synopsis", "doc", "example", "expect")


def read_units(bcct):
	"""What `bcct --dump-units` says: one line per unit, fields between tabs, with escapes"""
	text = subprocess.run([bcct, "--dump-units"], stdout=subprocess.PIPE, text=True,
			      check=True).stdout
	units = []
	for line in text.splitlines():
		fields = [re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), f)
			  for f in line.split("\t")]
		units.append(dict(zip(UNIT_FIELDS, fields)))
	return units
