// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJudgeRegistry} from "../interfaces/IJudgeRegistry.sol";
import {IMalformed} from "../interfaces/IMalformed.sol";
import {Body, BodyLib} from "./lib/Body.sol";
import {Bytes} from "./lib/Bytes.sol";
import {Claim, ClaimLib} from "./lib/Claim.sol";
import {Elements} from "./lib/Elements.sol";
import {Interface} from "./lib/Interface.sol";
import {Merkle} from "./lib/Merkle.sol";
import {Openings} from "./lib/Openings.sol";
import {Header, Program} from "./lib/Program.sol";
import {Ranges} from "./lib/Ranges.sol";
import {Rules} from "./lib/Rules.sol";
import {Tags} from "./lib/Tags.sol";
import {TensorType} from "./lib/TensorType.sol";

contract Malformed is IMalformed {
    using Interface for bytes;
    using Openings for TensorType;

    uint256 private constant INPUT = 1;
    uint256 private constant WEIGHT = 2;
    uint256 private constant VALUE = 3;

    IClaims public immutable claims;
    IJudgeRegistry public immutable judges;
    IAccusations public immutable accusations;

    struct Bar {
        bytes32 reason; // slot 0
        bytes32 opcode; // slot 1, of the missing judge
        bytes32 codeHash; // slot 2
    }
    mapping(bytes32 programId => Bar) private _bars;

    constructor(IClaims claims_, IJudgeRegistry judges_, IAccusations accusations_) {
        claims = claims_;
        judges = judges_;
        accusations = accusations_;
    }

    // ───────────────────────────────────────────── claims ─────────────────────────────────────────────

    /// @inheritdoc IMalformed
    function proveHeader(bytes32 batchId, bytes calldata proof, bytes32 salt) external {
        (Claim memory claim, uint256 pointer, uint256 end) = _claim(batchId, proof, salt);
        uint256 value;
        TensorType kind;
        (value, kind, , pointer) = _output(claim.header, pointer);
        (bool same, bytes32 root, uint256 siblings) = _preimage(kind, pointer);
        if (claim.requireIs(root, VALUE, value, siblings) != end) revert Malformed_Length();
        if (same) revert Malformed_NoFault();
        _convict(batchId, claim.leaf, "header", value);
    }

    /// @inheritdoc IMalformed
    function proveMissing(bytes32 batchId, bytes calldata proof, bytes32 salt) external {
        (Claim memory claim, uint256 pointer, uint256 end) = _claim(batchId, proof, salt);
        uint256 value;
        bool boundary;
        (value, , boundary, pointer) = _output(claim.header, pointer);
        if (claim.requireIs(0, VALUE, value, pointer) != end) revert Malformed_Length();
        if (!boundary) revert Malformed_NoFault();
        _convict(batchId, claim.leaf, "missing", value);
    }

    /// @inheritdoc IMalformed
    function proveEncoding(bytes32 batchId, bytes calldata proof, bytes32 salt) external {
        (Claim memory claim, uint256 pointer, uint256 end) = _claim(batchId, proof, salt);
        uint256 fault = Bytes.u8(pointer++);
        if (fault > 2) revert Malformed_Kind(fault);
        (uint256 value, bool bad, uint256 next) = fault == 2
            ? _ghostValue(claim, pointer)
            : _bytes(claim, fault, pointer);
        if (next != end) revert Malformed_Length();
        if (!bad) revert Malformed_NoFault();
        _convict(batchId, claim.leaf, "encoding", value);
    }

    /// @dev A root in the trace's padding.
    function _ghostValue(
        Claim memory claim,
        uint256 pointer
    ) private pure returns (uint256 index, bool bad, uint256 next) {
        uint256 count = claim.header.valueCount();
        index = Bytes.u32(pointer);
        uint256 levels = Merkle.depth(count);
        if (index < count || index >> levels != 0) revert Malformed_Outside(index);
        bytes32 ghost = Bytes.word(pointer + 4);
        bytes32 root;
        (root, next) = Merkle.climb(ghost, index, levels, pointer + 36);
        if (root != claim.traceRoot) revert Malformed_NotCommitted();
        bad = ghost != 0;
    }

    /// @dev A byte of one of the value's chunks, or a leaf beyond them.
    function _bytes(
        Claim memory claim,
        uint256 fault,
        uint256 pointer
    ) private view returns (uint256 value, bool bad, uint256 next) {
        TensorType kind;
        (value, kind, , pointer) = _output(claim.header, pointer);
        uint256 siblings = pointer;
        pointer += 32 * Merkle.depth(claim.header.valueCount());
        uint256 place = Bytes.u32(pointer);
        bytes32 root;
        if (fault == 0) {
            bad = _badByte(kind, place, pointer + 4 + (place % Openings.CHUNK));
            (root, next) = _chunk(kind, place, pointer + 4);
        } else {
            uint256 chunks = Openings.chunkCount(kind.byteLength());
            uint256 levels = Merkle.depth(chunks);
            if (place < chunks || place >> levels != 0) revert Malformed_Outside(place);
            bad = Bytes.word(pointer + 4) != 0;
            (root, next) = Openings.climb(Bytes.word(pointer + 4), place, levels, pointer + 36);
        }
        claim.requireIs(kind.tensorRoot(root), VALUE, value, siblings);
    }

    /// @dev Whether byte `place` of the tensor, found in calldata at `pointer`, is one that no tensor has there.
    function _badByte(TensorType kind, uint256 place, uint256 pointer) private pure returns (bool) {
        if (place >= kind.byteLength()) return Bytes.u8(pointer) != 0;
        if (kind.dtype() == Elements.BOOL) return Bytes.u8(pointer) > 1;
        if (kind.dtype() != Elements.FLOAT32) return false;
        uint256 bits = Elements.read(pointer - (place % 4), 4);
        return Elements.isNaN(bits) && bits != Elements.NAN;
    }

    // ──────────────────────────────────────────── programs ────────────────────────────────────────────

    /// @inheritdoc IMalformed
    function proveMalformed(bytes calldata proof) external {
        (uint256 pointer, uint256 end) = Bytes.bounds(proof);
        uint256 kind = Bytes.u8(pointer);
        Header header = Header.wrap(pointer + 1);
        bytes32 programId = header.id();
        if (barred(programId) != 0) revert Malformed_AlreadyBarred(programId);
        pointer += 1 + Program.HEADER;
        Bar memory bar;
        if (kind == 0) {
            if (header.opCount() == 0 || header.valueCount() == 0) bar.reason = "empty";
        } else if (kind == 1) {
            (bar.reason, pointer) = _hole(header, pointer);
        } else if (kind == 2) {
            uint256 index;
            bytes calldata body;
            (index, body, pointer) = header.operator(pointer);
            bar.reason = Rules.broken(header, index, body, judges);
            if (bar.reason == Rules.JUDGE) (bar.opcode, bar.codeHash) = (bytes32(body[:32]), bytes32(body[32:64]));
        } else if (kind == 3) {
            (bar.reason, pointer) = _pair(header, pointer);
        } else if (kind == 4) {
            (bar.reason, pointer) = _edge(header, pointer);
        } else if (kind == 5) {
            (bar.reason, pointer) = _inputType(header, pointer);
        } else if (kind == 6) {
            (bar.reason, pointer) = _weightType(header, pointer);
        } else if (kind == 7) {
            bytes calldata raw;
            (raw, pointer) = _interface(header, pointer);
            if (!raw.sound(header.inputCount(), header.valueCount())) bar.reason = "interface";
        } else if (kind == 8) {
            (bar.reason, pointer) = _outputLayout(header, pointer);
        } else {
            revert Malformed_Kind(kind);
        }
        if (pointer != end) revert Malformed_Length();
        if (bar.reason == 0) revert Malformed_NoFault();
        _bars[programId] = bar;
        emit Barred(programId, bar.reason);
    }

    /// @inheritdoc IMalformed
    function barred(bytes32 programId) public view returns (bytes32 reason) {
        Bar storage bar = _bars[programId];
        reason = bar.reason;
        if (reason == Rules.JUDGE && judges.judge(bar.opcode, bar.codeHash) != address(0)) return 0;
    }

    function _hole(Header header, uint256 pointer) private pure returns (bytes32 reason, uint256 next) {
        bool weights = Bytes.u8(pointer) == WEIGHT;
        uint256 count = weights ? header.weightCount() : header.opCount();
        bytes32 root;
        (root, next) = Merkle.up(0, Bytes.u32(pointer + 1), count, pointer + 5);
        if (root != (weights ? header.weightsRoot() : header.opsRoot())) revert Malformed_NotCommitted();
        reason = "hole";
    }

    function _pair(Header header, uint256 pointer) private pure returns (bytes32 reason, uint256 next) {
        uint256 index = Bytes.u32(pointer);
        pointer += 4;
        bytes32[] memory leaves = new bytes32[](2);
        uint256 expected;
        for (uint256 i = 0; i < 2; ++i) {
            bytes calldata raw = Bytes.slice(pointer + 2, Bytes.u16(pointer));
            pointer += 2 + raw.length;
            leaves[i] = Tags.hash(Tags.OPERATOR, pointer - raw.length, raw.length);
            Body memory body = _decode(index + i, raw);
            if (i == 1 && body.firstValue != expected) reason = "number";
            expected = body.firstValue + body.outputs;
        }
        bytes32 root;
        (root, next) = Merkle.range(leaves, index, header.opCount(), pointer);
        if (root != header.opsRoot()) revert Malformed_NotCommitted();
    }

    function _edge(Header header, uint256 pointer) private pure returns (bytes32 reason, uint256 next) {
        Body memory consumer;
        Body memory producer;
        (consumer, pointer) = _body(header, pointer);
        (producer, pointer) = _body(header, pointer);
        uint256 slot = Bytes.u8(pointer);
        uint256 value = _ref(consumer, slot, VALUE);
        if (value < producer.firstValue || value >= producer.firstValue + producer.outputs) revert Malformed_Slot(slot);
        TensorType made = producer.types[producer.inputs + value - producer.firstValue];
        return (_sameType(consumer.types[slot], made) ? bytes32(0) : bytes32("type"), pointer + 1);
    }

    function _inputType(Header header, uint256 pointer) private pure returns (bytes32 reason, uint256 next) {
        Body memory body;
        (body, pointer) = _body(header, pointer);
        uint256 slot = Bytes.u8(pointer);
        uint256 index = _ref(body, slot, INPUT);
        bytes calldata raw;
        (raw, next) = _soundInterface(header, pointer + 1);
        if (index >= header.inputCount()) revert Malformed_Slot(slot);
        if (!_sameType(body.types[slot], raw.input(index))) reason = "type";
    }

    function _weightType(Header header, uint256 pointer) private pure returns (bytes32 reason, uint256 next) {
        Body memory body;
        (body, pointer) = _body(header, pointer);
        uint256 slot = Bytes.u8(pointer);
        uint256 index = _ref(body, slot, WEIGHT);
        (bool same, bytes32 root, uint256 siblings) = _preimage(body.types[slot], pointer + 1);
        (root, next) = Merkle.up(root, index, header.weightCount(), siblings);
        if (root != header.weightsRoot()) revert Malformed_NotCommitted();
        if (!same) reason = "weight";
    }

    function _outputLayout(Header header, uint256 pointer) private pure returns (bytes32 reason, uint256 next) {
        Body memory body;
        (body, pointer) = _body(header, pointer);
        bytes calldata raw;
        (raw, pointer) = _soundInterface(header, pointer);
        uint256 output = Bytes.u8(pointer);
        (bool exists, uint256 value) = raw.output(Bytes.u8(pointer + 1));
        if (!exists || output >= body.outputs || value != body.firstValue + output) revert Malformed_Slot(output);
        if (body.types[body.inputs + output].layoutCode() != 0) reason = "interface";
        next = pointer + 2;
    }

    // ───────────────────────────────────────────── inputs ─────────────────────────────────────────────

    /// @inheritdoc IMalformed
    function inputFault(
        bytes32 programId,
        bytes32 inputsRoot,
        bytes calldata proof
    ) external view returns (bool faulty) {
        (uint256 pointer, uint256 end) = Bytes.bounds(proof);
        Header header = Header.wrap(pointer);
        if (header.id() != programId) revert Malformed_NotCommitted();
        bytes calldata raw;
        (raw, pointer) = _soundInterface(header, pointer + Program.HEADER);
        uint256 index = Bytes.u8(pointer);
        uint256 count = header.inputCount();
        if (index >= count) revert Malformed_Slot(index);
        TensorType declared = raw.input(index);
        uint256 kind = Bytes.u8(pointer + 1);
        uint256 siblings = pointer + 2;
        bytes32 root;
        if (kind == 0) {
            bool same;
            (same, root, siblings) = _preimage(declared, siblings);
            faulty = !same;
        } else if (kind == 1) {
            uint256 size = Elements.size(declared.dtype());
            uint256 place = Bytes.u32(siblings) * size;
            siblings += 4;
            pointer = siblings + 32 * Merkle.depth(count);
            if (place >= declared.byteLength()) revert Malformed_Outside(place);
            uint256 bits = Elements.read(pointer + (place % Openings.CHUNK), size);
            faulty = !Ranges.admits(declared.dtype(), declared.end(), bits);
            (root, pointer) = _chunk(declared, place, pointer);
            root = declared.tensorRoot(root);
        } else if (kind == 2) {
            faulty = true;
        } else {
            revert Malformed_Kind(kind);
        }
        bytes32 top;
        (top, siblings) = Merkle.up(root, index, count, siblings);
        if (top != inputsRoot) revert Malformed_NotCommitted();
        if ((kind == 1 ? pointer : siblings) != end) revert Malformed_Length();
    }

    // ──────────────────────────────────────────── openings ────────────────────────────────────────────

    function _claim(
        bytes32 batchId,
        bytes calldata proof,
        bytes32 salt
    ) private view returns (Claim memory claim, uint256 pointer, uint256 end) {
        accusations.check(batchId, keccak256(proof), msg.sender, salt);
        IClaims.Batch memory batch = claims.batch(batchId);
        (pointer, end) = Bytes.bounds(proof);
        (claim, pointer) = ClaimLib.open(pointer, batch.root, batch.count);
    }

    function _convict(bytes32 batchId, uint256 leaf, bytes32 reason, uint256 value) private {
        emit FormFault(batchId, leaf, reason, value);
        claims.reject(batchId, uint32(leaf), msg.sender);
    }

    function _decode(uint256 index, bytes calldata raw) private pure returns (Body memory) {
        (bool ok, Body memory body) = BodyLib.decode(raw);
        if (!ok) revert Malformed_Undecodable(index);
        return body;
    }

    function _body(Header header, uint256 pointer) private pure returns (Body memory, uint256) {
        (uint256 index, bytes calldata raw, uint256 next) = header.operator(pointer);
        return (_decode(index, raw), next);
    }

    /// @dev Index that input `slot` refers to; reverts unless the reference is of this kind.
    function _ref(Body memory body, uint256 slot, uint256 wanted) private pure returns (uint256) {
        if (slot >= body.inputs) revert Malformed_Slot(slot);
        (uint256 kind, uint256 index) = body.ref(slot);
        if (kind != wanted) revert Malformed_Slot(slot);
        return index;
    }

    /// @dev Opens `operator ‖ output u8`: the value's number and type, and whether the trace commits to it.
    function _output(
        Header header,
        uint256 pointer
    ) private pure returns (uint256 value, TensorType kind, bool boundary, uint256 next) {
        Body memory body;
        (body, pointer) = _body(header, pointer);
        uint256 output = Bytes.u8(pointer);
        if (output >= body.outputs) revert Malformed_Slot(output);
        return (
            body.firstValue + output,
            body.types[body.inputs + output],
            (body.boundary >> output) & 1 == 1,
            pointer + 1
        );
    }

    /// @dev Opens `length u16 ‖ bytes`: its hash, and whether it is of a tensor of this type.
    function _preimage(TensorType kind, uint256 pointer) private pure returns (bool same, bytes32 root, uint256 next) {
        uint256 length = Bytes.u16(pointer);
        pointer += 2;
        next = pointer + length;
        root = Bytes.digest(pointer, length);
        same = length >= 64 && kind.tensorRoot(Bytes.word(next - 32)) == root;
    }

    function _interface(Header header, uint256 pointer) private pure returns (bytes calldata raw, uint256 next) {
        raw = Bytes.slice(pointer + 2, Bytes.u16(pointer));
        next = pointer + 2 + raw.length;
        if (Tags.hash(Tags.INTERFACE, pointer + 2, raw.length) != header.interfaceHash()) {
            revert Malformed_NotCommitted();
        }
    }

    function _soundInterface(Header header, uint256 pointer) private pure returns (bytes calldata raw, uint256 next) {
        (raw, next) = _interface(header, pointer);
        if (!raw.sound(header.inputCount(), header.valueCount())) revert Malformed_NotCommitted();
    }

    /// @dev Chunk root from the chunk at `pointer` that holds byte `place`, and the siblings behind it.
    function _chunk(TensorType kind, uint256 place, uint256 pointer) private view returns (bytes32 root, uint256 next) {
        uint256 chunks = Openings.chunkCount(kind.byteLength());
        if (place / Openings.CHUNK >= chunks) revert Malformed_Outside(place);
        root = sha256(Bytes.slice(pointer, Openings.CHUNK));
        return Openings.climb(root, place / Openings.CHUNK, Merkle.depth(chunks), pointer + Openings.CHUNK);
    }

    function _sameType(TensorType a, TensorType b) private pure returns (bool) {
        uint256 start = TensorType.unwrap(a);
        uint256 length = a.end() - start;
        if (b.end() - TensorType.unwrap(b) != length) return false;
        return Bytes.digest(start, length) == Bytes.digest(TensorType.unwrap(b), length);
    }
}
