// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAvailability} from "../../interfaces/IAvailability.sol";
import {IMalformed} from "../../interfaces/IMalformed.sol";
import {Body, BodyLib} from "./Body.sol";
import {Bytes} from "./Bytes.sol";
import {Claim} from "./Claim.sol";
import {Interface} from "./Interface.sol";
import {Merkle} from "./Merkle.sol";
import {Openings} from "./Openings.sol";
import {Header} from "./Program.sol";
import {Tags} from "./Tags.sol";
import {TensorType} from "./TensorType.sol";

/// @notice What proofs of form faults open: operators, outputs, interfaces, preimages and single chunks.
library Form {
    using Interface for bytes;
    using Openings for TensorType;

    uint256 private constant VALUE = 3;
    uint256 private constant INNER = 4;

    function decode(uint256 index, bytes calldata raw) internal pure returns (Body memory) {
        (bool ok, Body memory body) = BodyLib.decode(raw);
        if (!ok) revert IMalformed.Malformed_Undecodable(index);
        return body;
    }

    function operator(Header header, uint256 pointer) internal pure returns (Body memory, uint256) {
        (uint256 index, bytes calldata raw, uint256 next) = header.operator(pointer);
        return (decode(index, raw), next);
    }

    /// @dev Index that input `slot` refers to; reverts unless the reference is of this kind.
    function refOf(Body memory body, uint256 slot, uint256 wanted) internal pure returns (uint256) {
        if (slot >= body.inputs) revert IMalformed.Malformed_Slot(slot);
        (uint256 kind, uint256 index) = body.ref(slot);
        if (kind != wanted) revert IMalformed.Malformed_Slot(slot);
        return index;
    }

    /// @dev Opens `operator ‖ output u8`: the value's number and type, and the list that commits to it (3 the trace, 4
    /// what was answered for its segment, which is fetched).
    function valueOf(
        Claim memory claim,
        IAvailability availability,
        bytes32 batchId,
        uint256 pointer
    ) internal view returns (uint256 value, TensorType kind, uint256 list, uint256 next) {
        (Body memory body, uint256 output, uint256 end) = _output(claim.header, pointer);
        list = (body.boundary >> output) & 1 == 0 ? _answered(claim, availability, batchId, body.segment) : VALUE;
        return (body.firstValue + output, body.types[body.inputs + output], list, end);
    }

    /// @dev Opens `operator ‖ output u8`: the value's number, and the list that must not commit to it (3 the trace where
    /// the value is inner, else 4 what was answered for its segment, which is fetched).
    function strangerOf(
        Claim memory claim,
        IAvailability availability,
        bytes32 batchId,
        uint256 pointer
    ) internal view returns (uint256 value, uint256 list, uint256 next) {
        (Body memory body, uint256 output, uint256 end) = _output(claim.header, pointer);
        list = (body.boundary >> output) & 1 == 0 ? VALUE : _answered(claim, availability, batchId, body.segment);
        return (body.firstValue + output, list, end);
    }

    function _output(Header header, uint256 pointer) private pure returns (Body memory body, uint256 output, uint256) {
        (body, pointer) = operator(header, pointer);
        output = Bytes.u8(pointer);
        if (output >= body.outputs) revert IMalformed.Malformed_Slot(output);
        return (body, output, pointer + 1);
    }

    function _answered(
        Claim memory claim,
        IAvailability availability,
        bytes32 batchId,
        uint256 segment
    ) private view returns (uint256) {
        claim.segmentRoot = availability.segmentRoot(batchId, uint32(claim.leaf), uint32(segment));
        if (claim.segmentRoot == 0) revert IMalformed.Malformed_NoSegment(segment);
        return INNER;
    }

    /// @dev Opens `length u16 ‖ bytes`: its hash, and whether it is of a tensor of this type.
    function preimage(TensorType kind, uint256 pointer) internal pure returns (bool same, bytes32 root, uint256 next) {
        uint256 length = Bytes.u16(pointer);
        pointer += 2;
        next = pointer + length;
        root = Bytes.digest(pointer, length);
        same = length >= 64 && kind.tensorRoot(Bytes.word(next - 32)) == root;
    }

    function interfaceOf(Header header, uint256 pointer) internal pure returns (bytes calldata raw, uint256 next) {
        raw = Bytes.slice(pointer + 2, Bytes.u16(pointer));
        next = pointer + 2 + raw.length;
        if (Tags.hash(Tags.INTERFACE, pointer + 2, raw.length) != header.interfaceHash()) {
            revert IMalformed.Malformed_NotCommitted();
        }
    }

    function soundInterface(Header header, uint256 pointer) internal pure returns (bytes calldata raw, uint256 next) {
        (raw, next) = interfaceOf(header, pointer);
        if (!raw.sound(header.inputCount(), header.valueCount())) revert IMalformed.Malformed_NotCommitted();
    }

    /// @dev Chunk root from the chunk at `pointer` that holds byte `place`, and the siblings behind it.
    function chunkRoot(
        TensorType kind,
        uint256 place,
        uint256 pointer
    ) internal view returns (bytes32 root, uint256 next) {
        uint256 chunks = Openings.chunkCount(kind.byteLength());
        if (place / Openings.CHUNK >= chunks) revert IMalformed.Malformed_Outside(place);
        root = sha256(Bytes.slice(pointer, Openings.CHUNK));
        return Openings.climb(root, place / Openings.CHUNK, Merkle.depth(chunks), pointer + Openings.CHUNK);
    }

    function sameType(TensorType a, TensorType b) internal pure returns (bool) {
        uint256 start = TensorType.unwrap(a);
        uint256 length = a.end() - start;
        if (b.end() - TensorType.unwrap(b) != length) return false;
        return Bytes.digest(start, length) == Bytes.digest(TensorType.unwrap(b), length);
    }
}
