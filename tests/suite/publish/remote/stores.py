"""The object stores of three clouds, as far as publishing asks anything of them: OSS (Aliyun), OBS (Huawei) and COS
(Tencent), each by its own interface, with its own signatures.

    python3 stores.py oss|obs|cos PORT FOLDER KEY SECRET

Nobody can run these clouds on a machine of his own. This is what their documents say of them; their own Python libraries
(oss2 2.19.1, esdk-obs-python 3.26.6, cos-python-sdk-v5 1.9.44) were led here, and every request of theirs was answered as
they expect. Buckets are folders in FOLDER, objects their files, so that a test sees the bytes, and may change them behind
the server's back. The program is led here as to a proxy of HTTP (`http_proxy`), because buckets are in the names of hosts.
"""

import base64
import hashlib
import hmac
import os
import re
import sys
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

SORT, PORT, FOLDER, KEY, SECRET = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
PREFIX = {"oss": "x-oss-", "obs": "x-obs-", "cos": "x-cos-"}[SORT]

# what of a query is signed
SIGNED = {
    "acl", "append", "continuation-token", "delete", "encryption", "location", "partNumber", "policy", "position",
    "tagging", "uploadId", "uploads", "versionId", "versioning", "versions", "website", "response-content-disposition",
    "response-content-type",
}
if SORT == "obs":
    SIGNED.discard("continuation-token")

heads = {}  # what was sent with an object: path -> headers
uploads = {}
tags = {}
lock = threading.Lock()


def quoted(text, safe=""):
    return urllib.parse.quote(text, safe=safe + "-_.~")


def sha1(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha1)


def tag_of(path):
    stat = os.stat(path)
    known = tags.get(path)
    if not known or known[0] != (stat.st_mtime_ns, stat.st_size, stat.st_ino):
        with open(path, "rb") as file:
            digest = hashlib.md5(file.read()).hexdigest()
        known = tags[path] = ((stat.st_mtime_ns, stat.st_size, stat.st_ino), digest)
    return '"%s"' % (known[1].upper() if SORT == "oss" else known[1])


class Refused(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status, self.code = status, code


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # an answer is one write: its end does not wait for the other side
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *words):
        sys.stderr.write("%s\n" % (words[0] % words[1:]))

    def do(self):
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        target = self.path if "://" in self.path else "http://%s%s" % (self.headers["host"], self.path)
        url = urllib.parse.urlsplit(target)
        self.host, self.raw = url.netloc, url.path
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.bucket = self.host.split(".")[0]
        self.key = urllib.parse.unquote(url.path)[1:]
        try:
            if SORT == "obs" and "apiversion" in self.query:
                return self.answer(200, "", {"x-obs-api": "3.0"})
            if self.headers.get("expect"):
                raise Refused(501, "NotImplemented")
            self.is_signed()
            if not os.path.isdir(os.path.join(FOLDER, self.bucket)):
                raise Refused(404, "NoSuchBucket")
            self.serve()
        except Refused as refused:
            words = "<Error><Code>%s</Code><Message>%s</Message><Resource>x</Resource><RequestId>0</RequestId>"
            words += "<HostId>x</HostId><TraceId>0</TraceId></Error>"
            self.answer(refused.status, words % (refused.code, refused.code))

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do

    # ---- who asks

    def is_signed(self):
        given = self.headers.get("authorization", "")
        if SORT == "cos":
            fields = dict(field.split("=", 1) for field in given.split("&") if "=" in field)
            start, end = (int(time) for time in fields.get("q-sign-time", "0;0").split(";"))
            if fields.get("q-ak") != KEY or not start <= time.time() + 1 <= end:
                raise Refused(403, "InvalidAccessKeyId")
            if fields["q-signature"] != self.cos(fields):
                raise Refused(403, "SignatureDoesNotMatch")
            return
        word = SORT.upper()
        wanted = "%s %s:%s" % (word, KEY, base64.b64encode(sha1(SECRET, self.text_to_sign()).digest()).decode())
        if given != wanted:
            sys.stderr.write("not signed right: %r instead of %r of %r\n" % (given, wanted, self.text_to_sign()))
            raise Refused(403, "SignatureDoesNotMatch")
        date = self.headers.get("date") or self.headers.get(PREFIX + "date")
        if not date:
            raise Refused(403, "AccessDenied")

    def text_to_sign(self):
        head = lambda name: self.headers.get(name, "")
        own = sorted((name.lower(), value.strip()) for name, value in self.headers.items() if name.lower().startswith(PREFIX))
        date = "" if SORT == "obs" and head("x-obs-date") else head("date")
        lines = [self.command, head("content-md5"), head("content-type"), date]
        lines += ["%s:%s" % pair for pair in own]
        signed = sorted((name, value) for name, value in self.query.items() if name in SIGNED)
        rest = "&".join(name if value == "" else "%s=%s" % (name, value) for name, value in signed)
        # one signs the name, the other the name as it stands in the address
        path = self.key if SORT == "oss" else self.raw[1:]
        return "\n".join(lines) + "\n/%s/%s" % (self.bucket, path) + ("?" + rest if rest else "")

    def cos(self, fields):
        def part(names, of):
            pairs = []
            for name in sorted(filter(None, names.split(";"))):
                value = of(urllib.parse.unquote(name))
                if value is None:
                    raise Refused(403, "SignatureDoesNotMatch")
                pairs.append("%s=%s" % (name, quoted(value)))
            return "&".join(pairs)

        query = {name.lower(): value for name, value in self.query.items()}
        params = part(fields["q-url-param-list"], query.get)
        headers = part(fields["q-header-list"], self.headers.get)
        request = "%s\n/%s\n%s\n%s\n" % (self.command.lower(), self.key, params, headers)
        text = "sha1\n%s\n%s\n" % (fields["q-sign-time"], hashlib.sha1(request.encode()).hexdigest())
        return sha1(sha1(SECRET, fields["q-key-time"]).hexdigest(), text).hexdigest()

    # ---- what it asks for

    def serve(self):
        query, command = self.query, self.command
        if not self.key:
            if command == "GET":
                return self.list()
            if command == "POST" and "delete" in query:
                return self.delete_many()
            raise Refused(405, "MethodNotAllowed")
        if command == "POST" and "uploads" in query:
            number = str(len(uploads) + 1)
            uploads[number] = (self.key, self.headers, {})
            inner = "<Bucket>%s</Bucket><Key>%s</Key><UploadId>%s</UploadId>" % (self.bucket, escape(self.key), number)
            return self.answer(200, "<InitiateMultipartUploadResult>%s</InitiateMultipartUploadResult>" % inner)
        if "uploadId" in query:
            return self.upload()
        path = self.place(self.key)
        if command == "PUT" and self.headers.get(PREFIX + "copy-source"):
            return self.copy(path)
        if command == "PUT":
            self.check_md5()
            self.write(path, self.body, self.headers)
            return self.answer(200, "", {"ETag": tag_of(path)})
        if command == "DELETE":
            self.remove(path)
            return self.answer(204, "")
        if command in ("GET", "HEAD"):
            return self.read(path)
        raise Refused(405, "MethodNotAllowed")

    def place(self, key):
        # a key may be anything; the folder is only for this
        if any(part in ("", ".", "..") for part in key.split("/")):
            raise Refused(400, "InvalidObjectName")
        return os.path.join(FOLDER, self.bucket, key)

    def check_md5(self):
        told = self.headers.get("content-md5")
        if told and told != base64.b64encode(hashlib.md5(self.body).digest()).decode():
            raise Refused(400, "InvalidDigest")

    def write(self, path, body, headers):
        names = ("Content-Type", "Cache-Control", "Content-Encoding")
        with lock:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            aside = os.path.join(FOLDER, ".%s" % threading.get_ident())
            with open(aside, "wb") as file:
                file.write(body)
            os.replace(aside, path)
            heads[path] = {name: headers[name] for name in names if name in headers}

    def remove(self, path):
        with lock:
            try:
                os.remove(path)
                folder = os.path.dirname(path)
                while folder != os.path.join(FOLDER, self.bucket):
                    os.rmdir(folder)
                    folder = os.path.dirname(folder)
            except OSError:
                pass

    def copy(self, path):
        source = urllib.parse.unquote(self.headers[PREFIX + "copy-source"]).lstrip("/")
        bucket, _, key = source.partition("/")
        if SORT == "cos":
            bucket = bucket.split(".")[0]
        if bucket != self.bucket:
            raise Refused(403, "AccessDenied")
        source = self.place(key)
        if not os.path.isfile(source):
            raise Refused(404, "NoSuchKey")
        with open(source, "rb") as file:
            body = file.read()
        self.write(path, body, heads.get(source, {}))
        inner = "<ETag>%s</ETag><LastModified>%s</LastModified>" % (escape(tag_of(path)), self.time(path))
        self.answer(200, "<CopyObjectResult>%s</CopyObjectResult>" % inner)

    def read(self, path):
        if not os.path.isfile(path):
            raise Refused(404, "NoSuchKey")
        with open(path, "rb") as file:
            body = file.read()
        stat = os.stat(path)
        head = {"ETag": tag_of(path), "Last-Modified": formatdate(stat.st_mtime, usegmt=True), **heads.get(path, {})}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if not asked:
            return self.answer(200, body, head)
        first, last = int(asked[1]), int(asked[2] or len(body) - 1)
        if first >= len(body):
            raise Refused(416, "InvalidRange")
        head["Content-Range"] = "bytes %d-%d/%d" % (first, min(last, len(body) - 1), len(body))
        self.answer(206, body[first : last + 1], head)

    def upload(self):
        number = self.query["uploadId"]
        if number not in uploads:
            raise Refused(404, "NoSuchUpload")
        key, headers, parts = uploads[number]
        if self.command == "PUT":
            parts[int(self.query["partNumber"])] = self.body
            return self.answer(200, "", {"ETag": self.tag(self.body)})
        if self.command == "DELETE":
            del uploads[number]
            return self.answer(204, "")
        wanted = ET.fromstring(self.body).iter("Part")
        whole = b""
        for part in wanted:
            body = parts[int(part.findtext("PartNumber"))]
            if part.findtext("ETag").strip('"') != self.tag(body).strip('"'):
                raise Refused(400, "InvalidPart")
            whole += body
        path = self.place(key)
        self.write(path, whole, headers)
        del uploads[number]
        inner = "<Location>x</Location><Bucket>%s</Bucket><Key>%s</Key><ETag>%s</ETag>"
        inner %= (self.bucket, escape(key), escape('"%s-%d"' % (hashlib.md5(whole).hexdigest(), len(parts))))
        self.answer(200, "<CompleteMultipartUploadResult>%s</CompleteMultipartUploadResult>" % inner)

    @staticmethod
    def tag(body):
        digest = hashlib.md5(body).hexdigest()
        return '"%s"' % (digest.upper() if SORT == "oss" else digest)

    def delete_many(self):
        if "content-md5" not in self.headers:
            raise Refused(400, "MissingArgument")
        self.check_md5()
        keys = [each.text for each in ET.fromstring(self.body).iter("Key")]
        for key in keys:
            self.remove(self.place(key))
        rows = "".join("<Deleted><Key>%s</Key></Deleted>" % escape(key) for key in keys)
        self.answer(200, "<DeleteResult>%s</DeleteResult>" % rows)

    def list(self):
        """Keys in the order of their bytes; what is beyond a page is told by its last key."""
        top, query = os.path.join(FOLDER, self.bucket), self.query
        is_second = query.get("list-type") == "2"
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        # OSS gives a hundred to whoever does not say how many, the others a thousand
        most = int(query.get("max-keys", 100 if SORT == "oss" else 1000))
        after = query.get("continuation-token" if is_second else "marker", "")
        keys = []
        for folder, _, names in os.walk(top):
            keys += [os.path.relpath(os.path.join(folder, name), top) for name in names]
        keys = sorted((key for key in keys if key.startswith(prefix)), key=str.encode)
        rows, folders, last, more = [], [], "", False
        for key in keys:
            rest = key[len(prefix) :]
            name = prefix + rest.split(delimiter)[0] + delimiter if delimiter and delimiter in rest else key
            if after and name.encode() <= after.encode() or name in folders:
                continue
            if len(rows) + len(folders) == most:
                more = True
                break
            last = name
            if name != key:
                folders.append(name)
                continue
            path = os.path.join(top, key)
            row = "<Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%d</Size>"
            row %= (self.spelt(key), self.time(path), escape(tag_of(path)), os.stat(path).st_size)
            owner = "<Owner><ID>1</ID><DisplayName>1</DisplayName></Owner><StorageClass>Standard</StorageClass>"
            rows.append("<Contents>%s%s%s</Contents>" % (row, "<Type>Normal</Type>" if SORT == "oss" else "", owner))
        inner = "<Name>%s</Name><Prefix>%s</Prefix><MaxKeys>%d</MaxKeys>" % (self.bucket, self.spelt(prefix), most)
        inner += "<Delimiter>%s</Delimiter><IsTruncated>%s</IsTruncated>" % (self.spelt(delimiter), str(more).lower())
        inner += "<EncodingType>url</EncodingType>" if "encoding-type" in query else ""
        inner += "<KeyCount>%d</KeyCount>" % len(rows) if is_second else "<Marker>%s</Marker>" % self.spelt(after)
        if more:
            name = "NextContinuationToken" if is_second else "NextMarker"
            inner += "<%s>%s</%s>" % (name, self.spelt(last), name)
        inner += "".join(rows)
        inner += "".join("<CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes>" % self.spelt(each) for each in folders)
        self.answer(200, "<ListBucketResult>%s</ListBucketResult>" % inner)

    def spelt(self, key):
        return quoted(key, "/") if "encoding-type" in self.query else escape(key)

    @staticmethod
    def time(path):
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(os.stat(path).st_mtime))

    def answer(self, status, body, headers=()):
        if isinstance(body, str):
            body = (b'<?xml version="1.0" encoding="UTF-8"?>\n' if body else b"") + body.encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header(PREFIX + "request-id", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


Server(("127.0.0.1", PORT), Handler).serve_forever()
