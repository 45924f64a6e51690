/*
 * read_card QR-TEXT PUBLIC.pem EXPECTED.json: an independent reader reads our
 * card. Base45, zlib and CBOR by MOSIP's pixelpass, COSE by @auth0/cose; of
 * ours there are only the text and the document signer's public key. EXPECTED
 * has "claims" as `cedula-verifier inspect --json` writes them. TAP.
 */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import { createRequire } from 'node:module';
import { Sign1 } from '@auth0/cose';

const require = createRequire(import.meta.url);

const base45 = require('base45-web');
const pixelpass = require('@mosip/pixelpass');

const CLAIM = { iss: 1, exp: 4, nbf: 5, iat: 6, identity: 169, status: 65535,
	family: -70169 };
const REQUIRED = { 1: 'document number', 4: 'full name', 8: 'date of birth',
	13: 'nationality', 23: 'country of issuance' };

const [textFile, keyFile, expectedFile] = process.argv.slice(2);
const text = readFileSync(textFile, 'latin1').replace(/[\r\n]+$/, '');
const key = createPublicKey(readFileSync(keyFile));
const expected = JSON.parse(readFileSync(expectedFile, 'utf8')).claims;

let count = 0;
let failed = 0;

async function test(name, body) {
	count++;
	try {
		await body();
		console.log(`ok ${count} - ${name}`);
	} catch (e) {
		failed++;
		console.log(String(e.message).replace(/^/gm, '# '));
		console.log(`not ok ${count} - ${name}`);
	}
}

/* The four parts of the COSE_Sign1, out of pixelpass's JSON. */
function parts(qrText) {
	const cose = JSON.parse(pixelpass.decode(qrText));
	assert.equal(cose.tag, 18, 'not tagged as a COSE_Sign1');
	assert.equal(cose.value.length, 4);
	const [prot, unprot, payload, sig] = cose.value;
	return { prot: Buffer.from(prot), unprot, payload: Buffer.from(payload),
		sig: Buffer.from(sig) };
}

const inflate = (qrText) => inflateSync(Uint8Array.from(base45.decode(qrText)));
const wrap = (cose) => base45.encode(deflateSync(cose)).toString();

async function verify(qrText, publicKey) {
	const sign1 = Sign1.decode(inflate(qrText));
	await sign1.verify(publicKey);
	return sign1;
}

/* As inspect writes them: keys as text, byte strings in hex. */
function plain(v) {
	if (v instanceof Map)
		return Object.fromEntries([...v].map(([k, x]) =>
			[String(k), plain(x)]));
	if (v instanceof Uint8Array)
		return Buffer.from(v).toString('hex');
	if (Array.isArray(v))
		return v.map(plain);
	if (v !== null && typeof v === 'object')
		return Object.fromEntries(Object.entries(v).map(([k, x]) =>
			[k, plain(x)]));
	return typeof v === 'bigint' ? Number(v) : v;
}

/* Claims by their numbers, through pixelpass's own mapping of names. */
function claims(payload) {
	const names = Object.fromEntries(Object.entries(CLAIM).map(
		([name, number]) => [number, name]));
	return pixelpass.decodeMappedData(payload, names);
}

function flipped(cose, part) {
	const at = cose.indexOf(part) + (part.length >> 1);
	const copy = Buffer.from(cose);
	assert.ok(at > 0);
	copy[at] ^= 1;
	return copy;
}

let card;
let claim;
await test('pixelpass: Base45, zlib and CBOR give a COSE_Sign1', () => {
	card = parts(text);
	assert.deepEqual(card.unprot, {}, 'the unprotected header is not empty');
	assert.equal(card.sig.length, 64);
	claim = claims(card.payload);
});
if (card === undefined || claim === undefined) {
	console.log('1..1');
	process.exit(1);
}

await test('@auth0/cose: the signature is the document signer\'s', async () => {
	const sign1 = await verify(text, key);
	assert.equal(sign1.alg, key.asymmetricKeyType === 'ed25519' ? -8 : -7);
	assert.deepEqual(Buffer.from(sign1.payload), card.payload);
	assert.deepEqual(Buffer.from(sign1.signature), card.sig);
	assert.equal(sign1.protectedHeaders.get(4).length, 8, 'kid');
});

await test('claims: issuer, dates and status reference', () => {
	assert.match(claim.iss, /^[A-Z]{3}$/);
	assert.ok(claim.iat <= claim.exp && claim.nbf <= claim.exp);
	const status = plain(claim.status).status_list;
	assert.ok(Number.isInteger(status.idx) && status.idx >= 0);
	assert.match(status.uri, new RegExp(`^urn:cedula:${claim.iss}:`));
});

await test('claim 169: what our cards must hold', () => {
	for (const [k, name] of Object.entries(REQUIRED))
		assert.ok(claim.identity.get(Number(k))?.length > 0, name);
	assert.match(claim.identity.get(8), /^\d{8}$/);
	assert.equal(claim.identity.get(23), claim.iss);
});

await test('claim 169: the face is one WebP image', () => {
	const face = claim.identity.get(62);
	assert.equal(face.length, 1);
	assert.equal(face[0].get(1), 0, 'an image');
	assert.equal(face[0].get(2), 4, 'WebP');
	const data = Buffer.from(face[0].get(0));
	assert.equal(data.toString('latin1', 0, 4), 'RIFF');
	assert.equal(data.toString('latin1', 8, 12), 'WEBP');
	assert.ok(data.length >= data.readUInt32LE(4) + 8, 'cut off');
});

await test(claim.family ? `family: ${claim.family.length} members` :
	'family: an individual card has none', () => {
	assert.equal(claim.family !== undefined,
		String(CLAIM.family) in expected);
	for (const m of claim.family ?? []) {
		assert.ok(m.get(4).length > 0, 'name');
		assert.match(m.get(8), /^\d{8}$/);
		assert.ok(m.get(-1) >= 1 && m.get(-1) <= 7, 'relationship');
	}
});

await test('every claim is what was expected, and there is no other', () => {
	const numbered = Object.fromEntries(Object.entries(claim).map(
		([k, v]) => [String(CLAIM[k] ?? k), plain(v)]));
	assert.deepEqual(numbered, expected);
});

await test('altered in payload, header or signature it fails', async () => {
	const cose = inflate(text);
	for (const part of [card.payload, card.prot, card.sig]) {
		const bad = wrap(flipped(cose, part));
		await assert.rejects(verify(bad, key), 'one bit was changed');
	}
	await verify(wrap(cose), key);	/* wrapped alike, unchanged: good */
});

await test('with another key it fails', async () => {
	const other = key.asymmetricKeyType === 'ed25519' ?
		generateKeyPairSync('ed25519') :
		generateKeyPairSync('ec', { namedCurve: 'P-256' });
	await assert.rejects(verify(text, other.publicKey));
});

console.log(`1..${count}`);
process.exit(failed === 0 ? 0 : 1);
