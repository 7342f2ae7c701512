// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Elements} from "./Elements.sol";
import {Merkle} from "./Merkle.sol";
import {Tags} from "./Tags.sol";
import {TensorType} from "./TensorType.sol";

/// @notice Opens byte ranges of a committed tensor: the 1,024-byte chunks that they touch, ascending, then the tree's
/// siblings in the order in which the fold meets them.
library Openings {
    uint256 internal constant CHUNK = 1024;
    /// byte offsets are u32, so no tensor of a program is longer
    uint256 internal constant LONGEST = 0xffffffff;

    /// @notice Range `i` is empty, not inside the tensor, or not after the one before it; or there is none.
    error Openings_Range(uint256 i, uint256 offset, uint256 length);
    /// @notice The blob is shorter than the chunks that the ranges touch.
    error Openings_Short();

    /// @notice Bytes of a tensor of this type; anything above `LONGEST` is `LONGEST + 1`.
    function byteLength(TensorType kind) internal pure returns (uint256 length) {
        unchecked {
            length = Elements.size(kind.dtype());
            uint256 axes = kind.rank();
            for (uint256 i = 0; i < axes; ++i) {
                length *= kind.dim(i);
                if (length > LONGEST) length = LONGEST + 1;
            }
        }
    }

    function chunkCount(uint256 length) internal pure returns (uint256) {
        unchecked {
            return (length + CHUNK - 1) / CHUNK;
        }
    }

    /// @notice Root of the tensor with this type and chunk root.
    function tensorRoot(TensorType kind, bytes32 chunkRoot) internal pure returns (bytes32 root) {
        bytes32 tag = Tags.TENSOR;
        uint256 length = kind.end() - TensorType.unwrap(kind);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, tag)
            calldatacopy(add(free, 32), kind, length)
            mstore(add(add(free, 32), length), chunkRoot)
            root := keccak256(free, add(64, length))
        }
    }

    /// @notice Writes the numbers of the chunks that `count` ranges (`offset u32 ‖ length u32` each, at calldata `ranges`)
    /// touch, distinct and ascending, to memory at `scratch`.
    /// @param length Bytes of the tensor.
    /// @param room How many chunks the blob can still hold, and `scratch` with it.
    function touched(
        uint256 ranges,
        uint256 count,
        uint256 length,
        uint256 scratch,
        uint256 room
    ) internal pure returns (uint256 n) {
        if (count == 0) revert Openings_Range(0, 0, 0);
        unchecked {
            uint256 free; // first byte after the range before
            uint256 fresh; // first chunk not listed yet
            for (uint256 i = 0; i < count; ++i) {
                uint256 offset = Bytes.u32(ranges + 8 * i);
                uint256 size = Bytes.u32(ranges + 8 * i + 4);
                if (size == 0 || offset < free || offset + size > length) revert Openings_Range(i, offset, size);
                free = offset + size;
                uint256 chunk = offset / CHUNK;
                uint256 last = (free - 1) / CHUNK;
                if (chunk < fresh) chunk = fresh;
                fresh = last + 1;
                if (n + fresh - chunk > room) revert Openings_Short();
                assembly ("memory-safe") {
                    let to := add(scratch, shl(5, n))
                    for {} lt(chunk, fresh) {
                        chunk := add(chunk, 1)
                    } {
                        mstore(to, chunk)
                        to := add(to, 32)
                    }
                    n := shr(5, sub(to, scratch))
                }
            }
        }
    }

    /// @notice Root over `n` chunks at calldata `pointer`, their numbers being at memory `scratch`. Uses, and leaves
    /// dirty, 2n words and one chunk of memory from `scratch` on.
    function fold(
        uint256 scratch,
        uint256 n,
        uint256 levels,
        uint256 pointer
    ) internal view returns (bytes32 root, uint256 next) {
        assembly ("memory-safe") {
            let hashes := add(scratch, shl(5, n))
            let buffer := add(hashes, shl(5, n))
            next := add(pointer, mul(n, 1024))
            for {
                let to := hashes
            } lt(pointer, next) {
                to := add(to, 32)
            } {
                calldatacopy(buffer, pointer, 1024)
                if iszero(staticcall(gas(), 2, buffer, 1024, to, 32)) {
                    revert(0, 0)
                }
                pointer := add(pointer, 1024)
            }
            for {} levels {
                levels := sub(levels, 1)
            } {
                let written := 0
                for {
                    let i := 0
                } lt(i, n) {} {
                    let slot := shl(5, i)
                    let index := mload(add(scratch, slot))
                    let to := shl(5, written)
                    i := add(i, 1)
                    switch and(index, 1)
                    case 1 {
                        mstore(0, calldataload(next))
                        next := add(next, 32)
                        mstore(32, mload(add(hashes, slot)))
                    }
                    default {
                        mstore(0, mload(add(hashes, slot)))
                        slot := shl(5, i)
                        switch and(lt(i, n), eq(mload(add(scratch, slot)), add(index, 1)))
                        case 1 {
                            mstore(32, mload(add(hashes, slot)))
                            i := add(i, 1)
                        }
                        default {
                            mstore(32, calldataload(next))
                            next := add(next, 32)
                        }
                    }
                    if iszero(staticcall(gas(), 2, 0, 64, add(hashes, to), 32)) {
                        revert(0, 0)
                    }
                    mstore(add(scratch, to), shr(1, index))
                    written := add(written, 1)
                }
                n := written
            }
            root := mload(hashes)
        }
    }

    /// @notice Chunk root over one leaf of the tree, by its hash, with its siblings at calldata `pointer`.
    function climb(
        bytes32 leaf,
        uint256 index,
        uint256 levels,
        uint256 pointer
    ) internal view returns (bytes32 root, uint256 next) {
        assembly ("memory-safe") {
            root := leaf
            next := add(pointer, shl(5, levels))
            for {} lt(pointer, next) {} {
                let side := shl(5, and(index, 1))
                mstore(side, root)
                mstore(xor(side, 32), calldataload(pointer))
                if iszero(staticcall(gas(), 2, 0, 64, 0, 32)) {
                    revert(0, 0)
                }
                root := mload(0)
                pointer := add(pointer, 32)
                index := shr(1, index)
            }
        }
    }

    /// @notice Levels of the chunk tree of a tensor of `length` bytes.
    function depth(uint256 length) internal pure returns (uint256) {
        return Merkle.depth(chunkCount(length));
    }
}
