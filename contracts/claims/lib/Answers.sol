// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAvailability} from "../../interfaces/IAvailability.sol";
import {BodyLib} from "../../referee/lib/Body.sol";
import {Bytes} from "../../referee/lib/Bytes.sol";
import {Claim, ClaimLib} from "../../referee/lib/Claim.sol";
import {Interface} from "../../referee/lib/Interface.sol";
import {Merkle} from "../../referee/lib/Merkle.sol";
import {Openings} from "../../referee/lib/Openings.sol";
import {Header, Program} from "../../referee/lib/Program.sol";
import {Segment, SegmentLib} from "../../referee/lib/Segment.sol";
import {Tags} from "../../referee/lib/Tags.sol";
import {TensorType} from "../../referee/lib/TensorType.sol";

/// @notice Checks the blobs that {IAvailability} draws.
library Answers {
    using Openings for TensorType;

    /// bytes of a claim with its program's header
    uint256 internal constant CLAIM = 96 + Program.HEADER;
    uint256 private constant VALUE = 3;
    uint256 private constant INNER = 4;

    /// @notice A claim and a range of one of its lists.
    /// @return claimed hash of the claim
    /// @return shown bytes of roots
    function roots(
        IAvailability.Question calldata asked,
        bytes calldata blob,
        bytes32 batchRoot,
        uint256 batchCount
    ) internal pure returns (bytes32 claimed, uint256 shown) {
        (uint256 pointer, uint256 end) = Bytes.bounds(blob);
        (Claim memory claim, uint256 next) = _open(asked, pointer, batchRoot, batchCount);
        claimed = ClaimLib.hash(claim.header.id(), pointer);
        (bytes32 root, uint256 count) = list(claim, asked.kind);
        uint256 n = _clip(asked.first, asked.count, count);
        shown = 32 * n;
        if (n != 0) {
            if (next + shown > end) revert IAvailability.Availability_AnswerLength();
            bytes32[] memory leaves = new bytes32[](n);
            assembly ("memory-safe") {
                calldatacopy(add(leaves, 32), next, shown)
            }
            bytes32 top;
            (top, next) = Merkle.range(leaves, asked.first, count, next + shown);
            if (top != root) revert IAvailability.Availability_NotItsList(asked.kind);
        }
        if (next != end) revert IAvailability.Availability_AnswerLength();
    }

    /// @notice A claim, already shown, and bytes of one of its tensors.
    /// @return shown bytes asked for that exist
    function tensor(
        IAvailability.Question calldata asked,
        bytes calldata blob,
        bytes32 claimed
    ) internal view returns (uint256 shown) {
        (uint256 pointer, uint256 end) = Bytes.bounds(blob);
        Claim memory claim = proven(blob, claimed);
        uint256 kind = (uint256(asked.kind) % 4) + 1;
        (, shown, pointer) = _tensor(asked, claim, kind, asked.index, pointer + CLAIM, end);
        if (pointer != end) revert IAvailability.Availability_AnswerLength();
    }

    /// @notice A claim, already shown, and the body of one of its operators.
    /// @return shown bytes of the body
    function operator(
        IAvailability.Question calldata asked,
        bytes calldata blob,
        bytes32 claimed
    ) internal pure returns (uint256 shown) {
        (uint256 pointer, uint256 end) = Bytes.bounds(blob);
        Header header = proven(blob, claimed).header;
        uint256 count = header.opCount();
        uint256 rest = CLAIM + 32 * Merkle.depth(count);
        if (blob.length < rest) revert IAvailability.Availability_AnswerLength();
        shown = blob.length - rest;
        pointer += CLAIM;
        (bytes32 top, ) = Merkle.up(Tags.hash(Tags.OPERATOR, pointer, shown), asked.index, count, end - (rest - CLAIM));
        if (top != header.opsRoot()) revert IAvailability.Availability_NotItsList(asked.kind);
    }

    /// @notice A claim, its program's interface, and bytes of one of its outputs.
    /// @return size bytes of the output; 0 if there is none
    function output(
        IAvailability.Question calldata asked,
        bytes calldata blob,
        bytes32 batchRoot,
        uint256 batchCount
    ) internal view returns (uint256 size) {
        (uint256 pointer, uint256 end) = Bytes.bounds(blob);
        (Claim memory claim, uint256 next) = _open(asked, pointer, batchRoot, batchCount);
        bool exists;
        uint256 value;
        (exists, value, next) = _output(claim.header, asked.index, next);
        if (exists) (size, , next) = _tensor(asked, claim, VALUE, value, next, end);
        if (next != end) revert IAvailability.Availability_AnswerLength();
    }

    /// @notice A claim and the list of its executor's value roots of one segment.
    /// @return claimed hash of the claim
    /// @return root of that list; zero if the program has no such segment
    /// @return shown bytes of roots
    function segment(
        IAvailability.Question calldata asked,
        bytes calldata blob,
        bytes32 batchRoot,
        uint256 batchCount
    ) internal pure returns (bytes32 claimed, bytes32 root, uint256 shown) {
        (uint256 pointer, uint256 end) = Bytes.bounds(blob);
        (Claim memory claim, uint256 next) = _open(asked, pointer, batchRoot, batchCount);
        claimed = ClaimLib.hash(claim.header.id(), pointer);
        if (asked.index < claim.header.segmentCount()) {
            Segment memory run;
            (run, next) = SegmentLib.open(claim.header, asked.index, next);
            shown = 32 * run.valueCount;
            if (run.valueCount > SegmentLib.VALUES || next + shown > end) {
                revert IAvailability.Availability_AnswerLength();
            }
            root = SegmentLib.listRoot(run, next);
            next += shown;
            // where the bytes are served besides: for whoever fetches them, who checks them against the list
            if (end - next == 32) next = end;
        }
        if (next != end) revert IAvailability.Availability_AnswerLength();
    }

    /// @notice Bytes of an inner value of the segment whose list is `root`.
    /// @return shown bytes asked for that exist
    function inner(
        IAvailability.Question calldata asked,
        bytes calldata blob,
        bytes32 root
    ) internal view returns (uint256 shown) {
        (uint256 pointer, uint256 end) = Bytes.bounds(blob);
        Claim memory claim;
        claim.segmentRoot = root;
        (, shown, pointer) = _tensor(asked, claim, INNER, asked.index, pointer, end);
        if (pointer != end) revert IAvailability.Availability_AnswerLength();
    }

    /// @notice The claim at the beginning of `blob`, which must be the one with hash `claimed`.
    function proven(bytes calldata blob, bytes32 claimed) internal pure returns (Claim memory claim) {
        if (blob.length < CLAIM) revert IAvailability.Availability_AnswerLength();
        (uint256 pointer, ) = Bytes.bounds(blob);
        claim.header = Header.wrap(pointer + 96);
        bytes32 hash = ClaimLib.hash(claim.header.id(), pointer);
        if (hash != claimed) revert IAvailability.Availability_Claim(hash);
        (claim.inputsRoot, claim.traceRoot) = (Bytes.word(pointer), Bytes.word(pointer + 32));
    }

    /// @notice Root and count of the list of this kind, or in which something of this kind lies.
    function list(Claim memory claim, IAvailability.Kind kind) internal pure returns (bytes32 root, uint256 count) {
        uint256 place = uint256(kind) % 4;
        if (place == uint256(IAvailability.Kind.Operators)) return (claim.header.opsRoot(), claim.header.opCount());
        return claim.list(place + 1);
    }

    function _open(
        IAvailability.Question calldata asked,
        uint256 pointer,
        bytes32 batchRoot,
        uint256 batchCount
    ) private pure returns (Claim memory claim, uint256 next) {
        (claim, next) = ClaimLib.open(pointer, batchRoot, batchCount);
        if (claim.leaf != asked.leaf) revert IAvailability.Availability_Leaf(claim.leaf);
    }

    /// @dev The part of [first, first + length) that lies below `count`.
    function _clip(uint256 first, uint256 length, uint256 count) private pure returns (uint256) {
        if (first >= count) return 0;
        return first + length > count ? count - first : length;
    }

    /// @dev The value of output `position`, from `length u16 ‖ interface` at `pointer`.
    function _output(
        Header header,
        uint256 position,
        uint256 pointer
    ) private pure returns (bool exists, uint256 value, uint256 next) {
        bytes calldata raw = Bytes.slice(pointer + 2, Bytes.u16(pointer));
        if (Tags.hash(Tags.INTERFACE, pointer + 2, raw.length) != header.interfaceHash()) {
            revert IAvailability.Availability_Malformed();
        }
        (exists, value) = Interface.output(raw, position);
        next = pointer + 2 + raw.length;
    }

    /// @dev The asked range of tensor `index` of the list of `kind` (1 input, 2 weight, 3 value, 4 inner value).
    function _tensor(
        IAvailability.Question calldata asked,
        Claim memory claim,
        uint256 kind,
        uint256 index,
        uint256 pointer,
        uint256 end
    ) private view returns (uint256 size, uint256 shown, uint256 next) {
        if (Bytes.u8(pointer) == 0) return (0, 0, claim.requireIs(0, kind, index, pointer + 1));
        TensorType kindOf = TensorType.wrap(pointer);
        uint256 siblings = BodyLib.sound(pointer, end);
        if (siblings == 0) revert IAvailability.Availability_Malformed();
        {
            (, uint256 count) = claim.list(kind);
            next = siblings + 32 * Merkle.depth(count);
        }
        size = kindOf.byteLength();
        shown = _clip(asked.first, asked.count, size);
        bytes32 root = Bytes.word(next);
        if (shown == 0) next += 32;
        else (root, next) = _fold(asked.first, shown, size, next, end);
        claim.requireIs(kindOf.tensorRoot(root), kind, index, siblings);
    }

    /// @dev Chunk root over the chunks that the range touches.
    function _fold(
        uint256 first,
        uint256 length,
        uint256 size,
        uint256 pointer,
        uint256 end
    ) private view returns (bytes32 root, uint256 next) {
        uint256 chunk = first / Openings.CHUNK;
        uint256 n = (first + length - 1) / Openings.CHUNK - chunk + 1;
        if (pointer + n * Openings.CHUNK > end) revert IAvailability.Availability_AnswerLength();
        uint256 scratch;
        assembly ("memory-safe") {
            scratch := mload(0x40)
            for {
                let i := 0
            } lt(i, n) {
                i := add(i, 1)
            } {
                mstore(add(scratch, shl(5, i)), add(chunk, i))
            }
        }
        return Openings.fold(scratch, n, Openings.depth(size), pointer);
    }
}
