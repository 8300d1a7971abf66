"""How large a Parquet file is when it is unpacked, by the headers of its pages.

The footer may say anything, and pyarrow believes it; but it unpacks a page to just the size that
the page's own header says, or refuses it. The header is a structure of Thrift's compact protocol.
"""

from typing import Any

I32_END = 2**31
FIELDS_END = 2**15
# A number of 64 bits has at most so many bytes.
VARINT_BYTES = 10
# pyarrow makes one of each megabyte or 20,000 rows; to read more headers takes a while.
MAX_PAGES = 20_000
MAX_DEPTH = 4
BOOLEANS, BYTE, INTEGERS, I32, DOUBLE, BINARY, STRUCT = (1, 2), 3, (4, 6), 5, 7, 8, 12
UNPACKED, PACKED = 2, 3


def count_unpacked(body: bytes, metadata: Any) -> int:
    """Sum up the bytes of all pages when unpacked.

    Args:
        body: The file.
        metadata: Its footer, as pyarrow reads it.

    Raises:
        ValueError: A header can't be read, or there are more pages than a table needs.
    """
    total = pages = 0
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    for chunk in (group.column(i) for group in groups for i in range(metadata.num_columns)):
        pages += 1
        if chunk.num_values == 0:
            continue
        start = min(chunk.data_page_offset, chunk.dictionary_page_offset or len(body))
        end = start + chunk.total_compressed_size
        if not 0 < start <= end <= len(body):
            raise ValueError("a column lies outside of the file")
        while start < end:
            header = _Header(body, start)
            total += header.sizes[UNPACKED]
            start = header.end + header.sizes[PACKED]
            pages += 1
            if pages > MAX_PAGES:
                raise ValueError("it has too many pages")
    return total


class _Header:
    """The header of a page: its numbers of 32 bits by their field, and where it ends."""

    def __init__(self, body: bytes, start: int) -> None:
        self._body, self.end = body, start
        try:
            self.sizes = self._read_struct(0)
        except IndexError as error:
            raise ValueError("a page's header is cut off") from error
        if any(not 0 <= self.sizes.get(field, -1) < I32_END for field in (UNPACKED, PACKED)):
            raise ValueError("a page's header has no sizes")

    def _read_struct(self, depth: int) -> dict[int, int]:
        found, field = {}, 0
        while head := self._read_byte():
            kind, step = head & 15, head >> 4
            field = field + step if step else self._read_number()
            if not 0 <= field < FIELDS_END:
                raise ValueError("a page's header has an unknown field")
            if kind == I32:
                found[field] = self._read_number()
            else:
                self._skip(kind, depth)
        return found

    def _skip(self, kind: int, depth: int) -> None:
        if kind in INTEGERS:
            self._read_varint()
        elif kind == STRUCT and depth < MAX_DEPTH:
            self._read_struct(depth + 1)
        elif kind in (BYTE, DOUBLE):
            self.end += 1 if kind == BYTE else 8
        elif kind == BINARY:
            length = self._read_varint()
            self.end += length
        elif kind not in BOOLEANS:
            raise ValueError("a page's header has a field of an unknown kind")

    def _read_number(self) -> int:
        zigzag = self._read_varint()
        return (zigzag >> 1) ^ -(zigzag & 1)

    def _read_varint(self) -> int:
        number = 0
        for place in range(VARINT_BYTES):
            byte = self._read_byte()
            number |= (byte & 127) << (7 * place)
            if byte < 128:
                return number
        raise ValueError("a page's header has a number that is too long")

    def _read_byte(self) -> int:
        self.end += 1
        return self._body[self.end - 1]
