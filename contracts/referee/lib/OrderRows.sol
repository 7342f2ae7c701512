// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "./Elements.sol";
import {Evidence} from "./Evidence.sol";
import {Extreme} from "./Extreme.sol";
import {Layout} from "./Layout.sol";
import {Op} from "./Op.sol";
import {Ranks} from "./Ranks.sol";
import {Reduction} from "./Reduction.sol";
import {TensorType} from "./TensorType.sol";

/// @title Operators that order a whole row, which is evidence: ReduceMax, ReduceMin and TopK
library OrderRows {
    using Evidence for Evidence.Cursor;
    using Extreme for Extreme.Search;
    using Layout for uint256;
    using Op for bytes;

    struct Row {
        uint256 kind;
        uint256 size;
        uint256 length;
        /// Calldata offset of the elements.
        uint256 data;
        bool largest;
    }

    /// @dev Words: mask of the reduced axes, keepdims.
    function isExtreme(
        bytes calldata op,
        uint256 here,
        uint256 claimed,
        Evidence.Cursor memory cursor,
        bool largest
    ) internal pure returns (bool) {
        TensorType from = op.input(0);
        if (op.output(0).dtype() != from.dtype()) revert IJudge.Judge_Operand(Op.OUTPUT_SLOT);
        uint256 mask = op.natural(0);
        here = Reduction.coordinates(from, mask, op.natural(1) != 0, here);
        Row memory row = _take(from, mask, here, cursor, largest);
        Extreme.Search memory search = Extreme.begin(row.kind, claimed, largest);
        for (uint256 i = 0; i < row.length; ++i) search.see(_read(row, i));
        return search.good();
    }

    /// @dev TopK, words: axis, largest, part (0: values, 1: indices). Where subnormals may be flushed, so that devices
    /// order elements in several ways, each rank that one of them can give is good.
    function isRanked(
        bytes calldata op,
        uint256 here,
        uint256 claimed,
        Evidence.Cursor memory cursor
    ) internal pure returns (bool) {
        TensorType from = op.input(0);
        uint256 axis = op.natural(0);
        uint256 place = here.get(axis);
        bool indices = op.natural(2) != 0;
        if (op.output(0).dtype() != (indices ? Elements.INT64 : from.dtype())) {
            revert IJudge.Judge_Operand(Op.OUTPUT_SLOT);
        }
        if (axis >= from.rank()) revert IJudge.Judge_Attribute(0);
        Row memory row = _take(from, 1 << axis, here, cursor, op.natural(1) != 0);
        return indices ? _isIndex(row, place, claimed) : _isValue(row, place, claimed);
    }

    /// @dev Of equal elements the one with the lower index comes first.
    function _isIndex(Row memory row, uint256 place, uint256 claimed) private pure returns (bool) {
        if (claimed >= row.length) return false;
        uint256 kind = row.kind;
        uint256 own = _read(row, claimed);
        int256 mine = Ranks.rank(own, kind, row.largest);
        bool tiny = Ranks.isTiny(own, kind);
        (uint256 sure, uint256 possible) = (0, 0);
        for (uint256 i = 0; i < row.length; ++i) {
            uint256 bits = _read(row, i);
            if (Ranks.isNaN(bits, kind)) return true;
            if (i == claimed) continue;
            int256 theirs = Ranks.rank(bits, kind, row.largest);
            bool beats = theirs > mine || (theirs == mine && i < claimed);
            bool beatsFlushed = tiny && Ranks.isTiny(bits, kind) ? i < claimed : beats;
            if (beats && beatsFlushed) ++sure;
            if (beats || beatsFlushed) ++possible;
        }
        return sure <= place && place <= possible;
    }

    function _isValue(Row memory row, uint256 place, uint256 claimed) private pure returns (bool) {
        uint256 kind = row.kind;
        int256 mine = Ranks.rank(claimed, kind, row.largest);
        bool tiny = Ranks.isTiny(claimed, kind);
        (bool member, bool odd) = (false, false);
        (uint256 sure, uint256 possible) = (0, 0);
        for (uint256 i = 0; i < row.length; ++i) {
            uint256 bits = _read(row, i);
            bool flushed = Ranks.isTiny(bits, kind);
            if (Ranks.isNaN(bits, kind)) odd = true;
            if (bits == claimed || (flushed && claimed == bits & Ranks.SIGN)) member = true;
            int256 theirs = Ranks.rank(bits, kind, row.largest);
            bool alike = tiny && flushed;
            if (theirs > mine && !alike) ++sure;
            if (theirs >= mine || alike) ++possible;
        }
        if (odd) return member || Ranks.isNaN(claimed, kind);
        return member && sure <= place && place < possible;
    }

    function _take(
        TensorType from,
        uint256 mask,
        uint256 here,
        Evidence.Cursor memory cursor,
        bool largest
    ) private pure returns (Row memory row) {
        row.kind = from.dtype();
        if (row.kind != Elements.FLOAT32 && !Elements.isInteger(row.kind)) revert IJudge.Judge_Operand(0);
        row.size = Elements.size(row.kind);
        row.largest = largest;
        uint256 number;
        (number, row.length) = Reduction.row(from, mask, here);
        if (row.length == 0) revert IJudge.Judge_Operand(0);
        uint256 bytes_ = row.length * row.size;
        row.data = cursor.take(0, number * bytes_, bytes_);
    }

    function _read(Row memory row, uint256 i) private pure returns (uint256) {
        return Elements.read(row.data + i * row.size, row.size);
    }
}
