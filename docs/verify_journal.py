#!/usr/bin/env python3
"""Verifies an export of a Maincourante journal, with the public key of the service and nothing else.

    verify_journal.py EXPORT VKEY [VKEY ...] [--checkpoints FILE]

Written from docs/journal-format.md alone. Needs Python 3.8 and the package `cryptography`.
Ends with 0 when all is good, 1 when something was altered (one sentence for each thing), 2 when it could not check.
The sentences are in French, as the readers of these journals are.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import sys

MAX_INTEGER = 2**53 - 1
KEYWORD = re.compile(r"[a-z0-9][a-z0-9_.]{0,63}\Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
LOG = re.compile(r"(service|personal/([0-5][0-9]|6[0-3])|structure/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")
DECIMAL = re.compile(r"(0|[1-9][0-9]*)\Z")
LEAF = {
    "v", "log", "seq", "id", "at", "act", "event", "actor", "role", "structure", "mandate", "power",
    "subjects", "channel", "outcome", "reason", "payload",
}


class Bad(Exception):
    """What is read is not what the format says."""


class CannotCheck(Exception):
    """There is nothing to check, or nothing to check it with."""


def need(condition):
    if not condition:
        raise Bad()


# ---- Reading: JSON, Base64

def read_json(text):
    """A JSON value in which no name appears twice and every number is an integer that all readers read alike."""
    def pairs(items):
        names = [name for name, _ in items]
        need(len(names) == len(set(names)))
        return dict(items)

    def integer(digits):
        value = int(digits)
        need(-MAX_INTEGER <= value <= MAX_INTEGER)
        return value

    def refused(_):
        raise Bad()

    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        return json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_float=refused, parse_constant=refused)
    except (ValueError, RecursionError):
        raise Bad() from None


def read_object(text, names):
    value = read_json(text)
    need(isinstance(value, dict) and set(value) == names)
    return value


def unbase64(text):
    need(isinstance(text, str))
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Bad() from None
    need(base64.b64encode(value).decode() == text)
    return value


def unhash(text):
    value = unbase64(text)
    need(len(value) == 32)
    return value


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_size(value):
    return is_integer(value) and value >= 0


def utf8(text):
    need(isinstance(text, str))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Bad() from None


# ---- Section 4: the tree

def sha256(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    def __init__(self, size, frontier):
        need(len(frontier) == bin(size).count("1"))
        self.size, self.frontier = size, list(frontier)

    def append(self, leaf):
        carried, bits = sha256(b"\x00" + leaf), self.size
        while bits & 1:
            carried = node(self.frontier.pop(), carried)
            bits >>= 1
        self.frontier.append(carried)
        self.size += 1

    def root(self):
        if not self.frontier:
            return sha256(b"")
        root = self.frontier[-1]
        for left in reversed(self.frontier[:-1]):
            root = node(left, root)
        return root


# ---- Section 5: keys, notes, checkpoints

class Key:
    def __init__(self, vkey):
        try:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError:
            raise CannotCheck("Il manque le paquet Python « cryptography ».") from None
        try:
            self.name, identifier, key = vkey.split("+", 2)
            key = unbase64(key)
            need(len(key) == 33 and key[0] == 1 and self.name and not re.search(r"\s", self.name))
            self.id = sha256(self.name.encode() + b"\n" + key)[:4]
            need(identifier == self.id.hex())
            self.key = Ed25519PublicKey.from_public_bytes(key[1:])
        except (ValueError, Bad):
            raise CannotCheck(f"Ce n'est pas une clé publique : {vkey}") from None

    def verifies(self, signature, text):
        from cryptography.exceptions import InvalidSignature
        try:
            self.key.verify(signature, text)
            return True
        except InvalidSignature:
            return False


def open_checkpoint(note, keys):
    """The log, size and root that a note attests."""
    need(isinstance(note, str) and len(utf8(note)) <= 65536 and not re.search(r"[\x00-\x09\x0b-\x1f]", note))
    cut = note.rfind("\n\n")
    need(cut >= 0)
    text, signatures = note[:cut + 1], note[cut + 2:]
    need(signatures.endswith("\n"))
    signer = None
    for line in signatures[:-1].split("\n"):
        parts = line.split(" ")
        need(len(parts) == 3 and parts[0] == "\u2014")
        signature = unbase64(parts[2])
        need(len(signature) >= 4)
        for key in keys:
            if key.name == parts[1] and key.id == signature[:4]:
                need(key.verifies(signature[4:], utf8(text)))
                signer = key
    need(signer)
    lines = text.split("\n")
    need(len(lines) == 4 and lines[3] == "")
    origin, size, root = lines[:3]
    need(origin.startswith(signer.name + "/"))
    log = origin[len(signer.name) + 1:]
    need((LOG.match(log) or log == "super") and DECIMAL.match(size))
    return log, int(size), unhash(root)


def read_checkpoints(path, log, keys, problems):
    """The sizes and roots of this log that a file of checkpoints attests."""
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    signed, unreadable = [], []
    for number, line in enumerate(lines, 1):
        unreadable = [(n, torn) for n, torn in unreadable if not line.startswith(torn)]
        try:
            read = read_object(line, {"at", "note"})
            need(is_integer(read["at"]) and isinstance(read["note"], str))
        except Bad:
            unreadable.append((number, line))
            continue
        try:
            name, size, root = open_checkpoint(read["note"], keys)
        except Bad:
            problems.append(f"Fichier des points de contrôle : la ligne {number} n'est pas signée par une clé connue.")
            continue
        if name == log:
            signed.append((size, root))
    problems.extend(f"Fichier des points de contrôle : la ligne {number} est illisible." for number, _ in unreadable)
    return sorted(set(signed))


# ---- Section 2 and 3: leaves, commitments

def check_leaf(leaf):
    """Raises Bad unless this is a leaf of version 1."""
    value = read_object(leaf, LEAF)
    word = lambda text: isinstance(text, str) and KEYWORD.match(text)
    uuid = lambda text: isinstance(text, str) and UUID.match(text)
    need(is_integer(value["v"]) and value["v"] == 1)
    need(isinstance(value["log"], str) and LOG.match(value["log"]))
    need(is_size(value["seq"]) and is_integer(value["at"]))
    need(all(uuid(value[name]) for name in ("id", "act")))
    need(all(word(value[name]) for name in ("event", "channel")))
    need(all(value[name] is None or uuid(value[name]) for name in ("structure", "mandate")))
    need(all(value[name] is None or word(value[name]) for name in ("role", "power", "reason")))
    need(value["outcome"] in ("done", "refused", "failed") and (value["outcome"] == "done") == (value["reason"] is None))
    actor = value["actor"]
    need(isinstance(actor, dict) and set(actor) == {"id", "kind"} and word(actor["kind"]))
    need(actor["id"] is None or uuid(actor["id"]))
    need(isinstance(value["subjects"], list))
    for subject in value["subjects"]:
        need(isinstance(subject, dict) and set(subject) == {"commitment", "id", "kind"} and uuid(subject["id"]) and word(subject["kind"]))
        if subject["commitment"] is not None:
            unhash(subject["commitment"])
    need(actor["id"] is None or any((s["id"], s["kind"]) == (actor["id"], actor["kind"]) for s in value["subjects"]))
    need(isinstance(value["payload"], dict))
    for name, item in value["payload"].items():
        need(word(name))
        if isinstance(item, list):
            need(all(word(one) for one in item))
        elif isinstance(item, str):
            if not (word(item) or uuid(item)):
                unhash(item)
        else:
            need(is_integer(item))
    return value


def check_opened(opened, subjects, seen):
    """Raises Bad unless these are the fields that the entry committed to."""
    need(isinstance(opened, dict) and set(opened) == {"fields", "key", "slot"})
    slot = opened["slot"]
    need(is_size(slot) and slot < len(subjects) and slot not in seen)
    seen.add(slot)
    fields, key = utf8(opened["fields"]), unhash(opened["key"])
    read = read_json(fields)
    need(isinstance(read, dict) and all(isinstance(text, str) for text in read.values()))
    need(subjects[slot]["commitment"] is not None)
    need(hmac.compare_digest(hmac.new(key, fields, hashlib.sha256).digest(), unhash(subjects[slot]["commitment"])))


# ---- Section 6: the export

def read_header(line):
    try:
        header = read_object(line, {"format", "version", "service", "log", "vkey", "from", "size", "frontier"})
        need(header["format"] == "maincourante-journal-export" and is_integer(header["version"]) and header["version"] == 1)
        need(isinstance(header["log"], str) and LOG.match(header["log"]))
        need(isinstance(header["service"], str) and isinstance(header["vkey"], str))
        need(Key(header["vkey"]).name == header["service"] + "/journal")
        need(is_size(header["from"]) and is_size(header["size"]) and header["from"] <= header["size"])
        need(isinstance(header["frontier"], list))
        return header, Tree(header["from"], [unhash(peak) for peak in header["frontier"]])
    except (Bad, CannotCheck):
        raise CannotCheck("Ce fichier n'est pas l'export d'un journal.") from None


class Comparison:
    """The tree as it grows, against the sizes that were signed before."""

    def __init__(self, log, tree, signed, problems):
        self.log, self.tree, self.problems = log, tree, problems
        self.signed = [(size, root) for size, root in signed if size >= tree.size]
        self.too_old = len(signed) - len(self.signed)
        self.compared, self.good, self.broken = 0, 0, False
        self.compare()

    def compare(self):
        while self.compared < len(self.signed) and self.signed[self.compared][0] == self.tree.size:
            self.check(self.signed[self.compared][1])
            self.compared += 1

    def check(self, root):
        if self.broken:
            return
        if root == self.tree.root():
            self.good = self.tree.size
            return
        self.broken = True
        self.problems.append(
            f"Journal {self.log} : parmi les entrées {self.good} à {self.tree.size - 1}, au moins une n'est plus ce qu'elle était : "
            "modifiée, ajoutée, retirée ou déplacée."
        )

    def append(self, leaf):
        self.tree.append(leaf)
        self.compare()


def verify(file, keys, checkpoints):
    """Gives the problems and a line that says what was looked at."""
    problems = []
    header, tree = read_header(file.readline())
    log, size = header["log"], header["size"]
    signed = read_checkpoints(checkpoints, log, keys, problems) if checkpoints else []
    comparison = Comparison(log, tree, signed, problems)
    last_at, number, ended, whole = None, 1, False, True
    for number, line in enumerate(file, 2):
        if ended:
            problems.append(f"Ligne {number} : il y a encore quelque chose après la fin.")
            whole = False
            break
        if tree.size < size:
            try:
                last_at = read_entry(line, number, header, last_at, comparison, problems)
            except Bad:
                problems.append(f"Ligne {number} : ce n'est pas l'entrée attendue à cette place.")
                whole = False
                break
            continue
        ended = True
        try:
            signed_log, signed_size, root = open_checkpoint(read_object(line, {"checkpoint"})["checkpoint"], keys)
            need((signed_log, signed_size) == (log, size))
        except Bad:
            problems.append(f"Ligne {number} : ce n'est pas le point de contrôle de ce journal à cette taille, signé par une clé connue.")
            continue
        comparison.check(root)
    if whole and not ended:
        entries = tree.size - header["from"]
        problems.append(f"Journal {log} : le fichier s'arrête après {entries} entrées, avant le point de contrôle à {size} entrées.")
    if comparison.signed and comparison.signed[-1][0] > size:
        problems.append(
            f"Journal {log} : il reste {size} entrées alors que {comparison.signed[-1][0]} ont été signées : "
            "la fin a été coupée, ou une ancienne base a été remise en place."
        )
    summary = f"Journal {log} de {header['service']} : entrées {header['from']} à {tree.size - 1}" if tree.size > header["from"] else f"Journal {log} : aucune entrée"
    summary += f", {comparison.compared} points de contrôle plus anciens comparés"
    if comparison.too_old:
        summary += f", {comparison.too_old} trop anciens pour cet export"
    return problems, summary + "."


def read_entry(line, number, header, last_at, comparison, problems):
    """Appends one entry; gives its time."""
    read = read_object(line, {"leaf", "opened"})
    leaf = utf8(read["leaf"])
    value = check_leaf(leaf)
    need(value["log"] == header["log"] and value["seq"] == comparison.tree.size)
    need(last_at is None or value["at"] >= last_at)
    need(isinstance(read["opened"], list))
    seen = set()
    for opened in read["opened"]:
        try:
            check_opened(opened, value["subjects"], seen)
        except Bad:
            problems.append(f"Ligne {number} : ce qui est montré n'est pas ce que l'entrée a scellé.")
    comparison.append(leaf)
    return value["at"]


def main(given=None):
    """The whole command; `given` stands for the command line."""
    arguments = argparse.ArgumentParser(description="Vérifie l'export d'un journal de Maincourante.")
    arguments.add_argument("export", metavar="EXPORT")
    arguments.add_argument("vkeys", metavar="VKEY", nargs="+")
    arguments.add_argument("--checkpoints", metavar="FILE")
    given = arguments.parse_args(given)
    try:
        keys = [Key(vkey) for vkey in given.vkeys]
        with open(given.export, "rb") as file:
            problems, summary = verify(file, keys, given.checkpoints)
    except CannotCheck as reason:
        print(reason, file=sys.stderr)
        return 2
    except OSError as reason:
        print(f"Fichier illisible : {reason.filename}", file=sys.stderr)
        return 2
    print(summary)
    for problem in problems:
        print(problem)
    print("Quelque chose a été altéré." if problems else "Tout est bon.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
