// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "./Elements.sol";
import {TensorType} from "./TensorType.sol";

/// @notice Walks the operand ranges of a proof: `slot u8 ‖ offset u32 ‖ length u32 ‖ data` each. A judge names every
/// range before it reads it, and ends with `done`, so a proof can neither move, add nor leave out a byte.
library Evidence {
    struct Cursor {
        uint256 next;
        uint256 end;
    }

    uint256 private constant HEAD = 9;

    function open(bytes calldata evidence) internal pure returns (Cursor memory cursor) {
        assembly ("memory-safe") {
            mstore(cursor, evidence.offset)
            mstore(add(cursor, 32), add(evidence.offset, evidence.length))
        }
    }

    /// @notice Calldata offset of the next range's data, which must be `length` bytes at byte `offset` of `slot`.
    function take(
        Cursor memory cursor,
        uint256 slot,
        uint256 offset,
        uint256 length
    ) internal pure returns (uint256 pointer) {
        unchecked {
            uint256 head;
            pointer = cursor.next + HEAD;
            assembly ("memory-safe") {
                head := shr(184, calldataload(mload(cursor)))
            }
            cursor.next = pointer + length;
            if (head != ((slot << 64) | (offset << 32) | length) || cursor.next > cursor.end || offset >> 32 != 0) {
                revert IJudge.Judge_Evidence(slot, offset, length);
            }
        }
    }

    /// @notice The next range, which must be element `index` (physical) of `slot`, of type `kind`.
    function element(
        Cursor memory cursor,
        uint256 slot,
        TensorType kind,
        uint256 index
    ) internal pure returns (uint256 bits) {
        uint256 size = Elements.size(kind.dtype());
        return Elements.read(take(cursor, slot, index * size, size), size);
    }

    /// @notice Byte offset that the next range states, for judges that let the prover choose it; 0 at the end.
    function nextOffset(Cursor memory cursor) internal pure returns (uint256 offset) {
        if (cursor.next >= cursor.end) return 0;
        assembly ("memory-safe") {
            offset := and(shr(216, calldataload(mload(cursor))), 0xffffffff)
        }
    }

    function ended(Cursor memory cursor) internal pure returns (bool) {
        return cursor.next == cursor.end;
    }

    /// @notice Reverts unless every range has been taken.
    function done(Cursor memory cursor) internal pure {
        if (cursor.next != cursor.end) revert IJudge.Judge_Leftover();
    }
}
