// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "../referee/lib/Bytes.sol";
import {ClaimLib} from "../referee/lib/Claim.sol";
import {Merkle} from "../referee/lib/Merkle.sol";
import {Openings} from "../referee/lib/Openings.sol";
import {Header} from "../referee/lib/Program.sol";
import {Tags} from "../referee/lib/Tags.sol";
import {TensorType} from "../referee/lib/TensorType.sol";

/// @notice The referee's libraries, one call each, for golden vectors and fuzzing.
contract RefereeLibs__Harness {
    using Openings for TensorType;

    error Leftover();

    function tags() external pure returns (bytes32[8] memory) {
        return
            [
                Tags.TENSOR,
                Tags.OPERATOR,
                Tags.SEGMENT,
                Tags.INTERFACE,
                Tags.PROGRAM,
                Tags.CLAIM,
                Tags.CONTEXT,
                Tags.ACCUSATION
            ];
    }

    function tagged(bytes32 tag, bytes calldata data) external pure returns (bytes32) {
        (uint256 pointer, ) = Bytes.bounds(data);
        return Tags.hash(tag, pointer, data.length);
    }

    function programId(bytes calldata header) external pure returns (bytes32) {
        (uint256 pointer, ) = Bytes.bounds(header);
        return Header.wrap(pointer).id();
    }

    function claim(bytes32 id, bytes calldata roots) external pure returns (bytes32) {
        (uint256 pointer, ) = Bytes.bounds(roots);
        return ClaimLib.hash(id, pointer);
    }

    function tensorRoot(bytes calldata typeBytes, bytes32 chunkRoot) external pure returns (bytes32, uint256) {
        (uint256 pointer, ) = Bytes.bounds(typeBytes);
        TensorType kind = TensorType.wrap(pointer);
        return (kind.tensorRoot(chunkRoot), kind.byteLength());
    }

    function up(
        bytes32 leaf,
        uint256 index,
        uint256 count,
        bytes calldata siblings
    ) external pure returns (bytes32 root) {
        (uint256 pointer, uint256 end) = Bytes.bounds(siblings);
        (root, pointer) = Merkle.up(leaf, index, count, pointer);
        if (pointer != end) revert Leftover();
    }

    function range(
        bytes32[] memory leaves,
        uint256 first,
        uint256 count,
        bytes calldata siblings
    ) external pure returns (bytes32 root) {
        (uint256 pointer, uint256 end) = Bytes.bounds(siblings);
        (root, pointer) = Merkle.range(leaves, first, count, pointer);
        if (pointer != end) revert Leftover();
    }

    function padded(bytes32[] memory leaves, uint256 first, uint256 levels) external pure returns (bytes32) {
        return Merkle.padded(leaves, first, levels);
    }

    /// @notice Chunk root that `blob` (`nRanges×(offset u32 ‖ length u32) ‖ chunks ‖ siblings`) opens, and the chunks.
    function open(
        uint256 length,
        uint256 ranges,
        bytes calldata blob
    ) external view returns (bytes32 root, uint256[] memory chunks) {
        (uint256 pointer, uint256 end) = Bytes.bounds(blob);
        uint256 room = (end - pointer - 8 * ranges) / Openings.CHUNK;
        uint256[] memory scratch = new uint256[](2 * room + 32);
        uint256 n;
        assembly ("memory-safe") {
            n := add(scratch, 32)
        }
        uint256 at_ = n;
        n = Openings.touched(pointer, ranges, length, at_, room);
        chunks = new uint256[](n);
        for (uint256 i = 0; i < n; ++i) chunks[i] = scratch[i];
        (root, pointer) = Openings.fold(at_, n, Openings.depth(length), pointer + 8 * ranges);
        if (pointer != end) revert Leftover();
    }
}
