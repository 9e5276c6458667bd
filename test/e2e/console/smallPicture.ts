import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostColours = 256;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel. */
  readonly colours: Uint32Array;
}

function* chunksOf(picture: Buffer): Generator<readonly [type: string, data: Buffer]> {
  for (let at = signature.length; at < picture.length;) {
    const length = picture.readUInt32BE(at);
    yield [picture.toString('latin1', at + 4, at + 8), picture.subarray(at + 8, at + 8 + length)];
    at += length + 12;
  }
}

/** The predictor of filter 4. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/** Reads a PNG as browsers write it: 8 bits a channel, not interlaced. */
function read(picture: Buffer): Pixels {
  const chunks = [...chunksOf(picture)];
  const header = chunks.find(([type]) => type === 'IHDR')?.[1];
  if (!header || header[8] !== 8 || header[12] !== 0) throw new Error('not a picture that a browser writes');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const size = header[9] === 6 ? 4 : 3;
  const data = inflateSync(Buffer.concat(chunks.filter(([type]) => type === 'IDAT').map(([, part]) => part)));
  const stride = width * size;
  const colours = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let row = 0; row < height; row += 1) {
    const from = row * (stride + 1);
    const line = new Uint8Array(data.subarray(from + 1, from + 1 + stride));
    for (let at = 0; at < stride; at += 1) {
      const left = at < size ? 0 : (line[at - size] ?? 0);
      const up = above[at] ?? 0;
      const corner = at < size ? 0 : (above[at - size] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][data[from] ?? 0] ?? 0;
      line[at] = ((line[at] ?? 0) + predicted) & 0xff;
    }
    for (let column = 0; column < width; column += 1) {
      const at = column * size;
      colours[row * width + column] =
        ((line[at] ?? 0) << 16) | ((line[at + 1] ?? 0) << 8) | (line[at + 2] ?? 0);
    }
    above = line;
  }
  return { width, height, colours };
}

const distance = (one: number, other: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 0xff) - ((other >> shift) & 0xff)) ** 2, 0);

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The same picture with its 256 most frequent colours; any other pixel takes the nearest of them. */
export function smallPicture(picture: Buffer): Buffer {
  const { width, height, colours } = read(picture);
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const frequent = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette = frequent.slice(0, mostColours);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  for (const colour of frequent.slice(mostColours)) {
    let nearest = 0;
    palette.forEach((each, place) => {
      if (distance(each, colour) < distance(palette[nearest] ?? 0, colour)) nearest = place;
    });
    places.set(colour, nearest);
  }
  const lines = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, index) => {
    lines[index + Math.floor(index / width) + 1] = places.get(colour) ?? 0;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk(
      'PLTE',
      Uint8Array.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff])),
    ),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}
