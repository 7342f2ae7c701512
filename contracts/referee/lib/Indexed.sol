// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "./Elements.sol";
import {Evidence} from "./Evidence.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title Where the elements of Gather and its like come from, by indices that are evidence
/// @dev A negative index counts from the end. Not found: an index lies outside the data, where no engine has a result.
library Indexed {
    using Evidence for Evidence.Cursor;
    using Layout for TensorType;
    using Layout for uint256;
    using Op for bytes;

    /// @dev Gather, word: axis. Output axes: those of the data before `axis`, those of the indices, the rest.
    function gathered(
        bytes calldata op,
        uint256 here,
        Evidence.Cursor memory cursor
    ) internal pure returns (uint256 place, bool found) {
        unchecked {
            uint256 axis = op.natural(0);
            TensorType indices = _indices(op, 1);
            uint256 shift = axis << 5;
            uint256 span = indices.rank() << 5;
            uint256 where = (here >> shift) & ((1 << span) - 1);
            uint256 index;
            (index, found) = _index(cursor, 1, indices, where, op.input(0).dim(axis));
            if (found) {
                place = (here & ((1 << shift) - 1)) | ((here >> (shift + span)) << (shift + 32)) | (index << shift);
            }
        }
    }

    /// @dev GatherElements, word: axis. The index stands at the output's coordinates.
    function elements(
        bytes calldata op,
        uint256 here,
        Evidence.Cursor memory cursor
    ) internal pure returns (uint256 place, bool found) {
        uint256 axis = op.natural(0);
        uint256 index;
        (index, found) = _index(cursor, 1, _indices(op, 1), here, op.input(0).dim(axis));
        if (found) place = here.set(axis, index);
    }

    /// @dev GatherND, word: batch axes. The last axis of the indices holds the coordinates after the batch axes.
    function vectors(
        bytes calldata op,
        uint256 here,
        Evidence.Cursor memory cursor
    ) internal pure returns (uint256 place, bool found) {
        unchecked {
            uint256 batch = op.natural(0);
            TensorType from = op.input(0);
            TensorType indices = _indices(op, 1);
            uint256 last = indices.rank() - 1;
            if (indices.rank() == 0 || batch > last) revert IJudge.Judge_Operand(1);
            uint256 count = indices.dim(last);
            if (batch + count > from.rank()) revert IJudge.Judge_Operand(1);
            place = (here & ((1 << (batch << 5)) - 1)) | ((here >> (last << 5)) << ((batch + count) << 5));
            uint256 row = here & ((1 << (last << 5)) - 1);
            found = true;
            for (uint256 i = 0; i < count; ++i) {
                (uint256 index, bool inside) = _index(cursor, 1, indices, row.set(last, i), from.dim(batch + i));
                place |= index << ((batch + i) << 5);
                found = found && inside;
            }
        }
    }

    /// @dev OneHot, word: axis. Operand 0 is the indices, operand 1 the off value and the on value.
    function hot(bytes calldata op, uint256 here, Evidence.Cursor memory cursor) internal pure returns (uint256 place) {
        unchecked {
            uint256 axis = op.natural(0);
            uint256 shift = axis << 5;
            uint256 where = (here & ((1 << shift) - 1)) | ((here >> (shift + 32)) << shift);
            (uint256 index, bool inside) = _index(cursor, 0, _indices(op, 0), where, op.output(0).dim(axis));
            return inside && index == here.get(axis) ? 1 : 0;
        }
    }

    function _indices(bytes calldata op, uint256 slot) private pure returns (TensorType indices) {
        indices = op.input(slot);
        uint256 kind = indices.dtype();
        if (kind != Elements.INT64 && kind != Elements.INT32) revert IJudge.Judge_Operand(slot);
    }

    function _index(
        Evidence.Cursor memory cursor,
        uint256 slot,
        TensorType indices,
        uint256 where,
        uint256 size
    ) private pure returns (uint256, bool) {
        unchecked {
            int256 index = Elements.value(cursor.element(slot, indices, indices.indexOf(where)), indices.dtype());
            if (index < 0) index += int256(size);
            return index >= 0 && index < int256(size) ? (uint256(index), true) : (0, false);
        }
    }
}
