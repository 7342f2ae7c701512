// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Merkle} from "./Merkle.sol";
import {Header, Program} from "./Program.sol";
import {SegmentLib} from "./Segment.sol";
import {Tags} from "./Tags.sol";

/// @notice A claim, opened from its batch: `inputsRoot ‖ traceRoot ‖ context ‖ header ‖ leaf u32 ‖ batch siblings`.
struct Claim {
    bytes32 inputsRoot;
    bytes32 traceRoot;
    Header header;
    /// position in the batch
    uint256 leaf;
    /// the list that the executor answered for the segment whose inner values are opened; zero if there is none
    bytes32 segmentRoot;
}

using {ClaimLib.list, ClaimLib.requireIs} for Claim global;

library ClaimLib {
    /// @notice The claim shown is not leaf `leaf` of the batch.
    error Claim_NotInBatch(uint256 leaf);
    /// @notice The tensor shown is not the one at this place of the claim (kind 1 input, 2 weight, 3 value, 4 inner value).
    error Claim_NotItsTensor(uint256 kind, uint256 index);
    /// @notice The blob does not end where its parts end.
    error Claim_Length();

    uint256 private constant ROOTS = 96;
    uint256 private constant INNER = 4;

    /// @notice Opens a claim at `pointer` against its batch; `next` is the byte after it.
    function open(
        uint256 pointer,
        bytes32 batchRoot,
        uint256 batchCount
    ) internal pure returns (Claim memory claim, uint256 next) {
        Header header = Header.wrap(pointer + ROOTS);
        bytes32 root = hash(header.id(), pointer);
        uint256 leaf = Bytes.u32(pointer + ROOTS + Program.HEADER);
        (root, next) = Merkle.up(root, leaf, batchCount, pointer + ROOTS + Program.HEADER + 4);
        if (root != batchRoot) revert Claim_NotInBatch(leaf);
        claim = Claim(Bytes.word(pointer), Bytes.word(pointer + 32), header, leaf, 0);
    }

    /// @notice The claim of `programId` with `inputsRoot ‖ traceRoot ‖ context` at calldata offset `pointer`.
    function hash(bytes32 programId, uint256 pointer) internal pure returns (bytes32 digest) {
        bytes32 tag = Tags.CLAIM;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, tag)
            mstore(add(free, 32), programId)
            calldatacopy(add(free, 64), pointer, 96)
            digest := keccak256(free, 160)
        }
    }

    /// @notice Root and count of the list that a reference of this kind points into; (0, 0) for kinds without a list.
    function list(Claim memory self, uint256 kind) internal pure returns (bytes32 root, uint256 count) {
        if (kind == 1) return (self.inputsRoot, self.header.inputCount());
        if (kind == 2) return (self.header.weightsRoot(), self.header.weightCount());
        if (kind == 3) return (self.traceRoot, self.header.valueCount());
        if (kind == INNER) return (self.segmentRoot, SegmentLib.VALUES);
    }

    /// @notice Reverts unless `tensor` is tensor `index` of the list of `kind`, its siblings being at `pointer`.
    function requireIs(
        Claim memory self,
        bytes32 tensor,
        uint256 kind,
        uint256 index,
        uint256 pointer
    ) internal pure returns (uint256 next) {
        (bytes32 root, uint256 count) = list(self, kind);
        bytes32 top;
        (top, next) = Merkle.up(tensor, kind == INNER ? index % count : index, count, pointer);
        if (top != root) revert Claim_NotItsTensor(kind, index);
    }
}
