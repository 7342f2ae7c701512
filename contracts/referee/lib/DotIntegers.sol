// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Buffer} from "./Buffer.sol";
import {DotBytes} from "./DotBytes.sol";
import {DotRows} from "./DotRows.sol";
import {DotWindow} from "./DotWindow.sol";
import {Elements} from "./Elements.sol";
import {Evidence} from "./Evidence.sol";
import {Op} from "./Op.sol";
import {TensorType} from "./TensorType.sol";

/// @title Exact dot products of bytes of one signedness, as evidence has them, modulo 2^32
/// @dev Operands 2 and 3, where present, are the zero points of operands 0 and 1.
library DotIntegers {
    using Evidence for Evidence.Cursor;

    function rows(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotRows.Rows memory row
    ) internal pure returns (uint256) {
        unchecked {
            uint256 size = row.terms;
            uint256 dtype = _expect(op, size);
            (uint256 a, uint256 b) = (Buffer.make(size), Buffer.make(size));
            Buffer.copy(a, cursor.take(0, row.a * size, size), size);
            Buffer.copy(b, cursor.take(1, row.b * size, size), size);
            int256 zeroA = _zero(op, cursor, 2, row.row, dtype);
            int256 zeroB = _zero(op, cursor, 3, row.column, dtype);
            return DotBytes.sum(a, b, size, zeroA, zeroB, dtype == Elements.INT8);
        }
    }

    function window(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotWindow.Window memory w
    ) internal pure returns (uint256) {
        unchecked {
            uint256 size = w.terms;
            uint256 dtype = _expect(op, size);
            (uint256 a, uint256 b) = (Buffer.make(size), Buffer.make(size));
            uint256 start = cursor.next;
            DotWindow.copy(w, cursor, a, 1);
            Buffer.copy(b, cursor.take(1, w.filter * size, size), size);
            int256 zeroA = _zero(op, cursor, 2, 0, dtype);
            if (w.clipped && zeroA != 0) {
                // padding is the zero point: the window once more, over an image of it
                uint256 end = cursor.next;
                DotWindow.fill(a, size, uint256(zeroA) & 0xff);
                cursor.next = start;
                DotWindow.copy(w, cursor, a, 1);
                cursor.next = end;
            }
            int256 zeroB = _zero(op, cursor, 3, w.filter, dtype);
            return DotBytes.sum(a, b, size, zeroA, zeroB, dtype == Elements.INT8);
        }
    }

    /// @dev The zero point of `slot`, one for all or one for each row, column or filter; 0 where absent.
    function _zero(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        uint256 index,
        uint256 dtype
    ) private pure returns (int256) {
        if (!Op.present(op, slot)) return 0;
        TensorType kind = Op.input(op, slot);
        if (kind.dtype() != dtype || kind.rank() > 1) revert IJudge.Judge_Operand(slot);
        if (kind.elements() == 1) index = 0;
        else if (index >= kind.elements()) revert IJudge.Judge_Operand(slot);
        return Elements.value(cursor.element(slot, kind, index), dtype);
    }

    function _expect(bytes calldata op, uint256 terms) private pure returns (uint256 dtype) {
        dtype = Op.input(op, 0).dtype();
        if (terms > DotBytes.MAX_TERMS) revert IJudge.Judge_Operand(1);
        if (dtype != Elements.INT8 && dtype != Elements.UINT8) revert IJudge.Judge_Operand(0);
        if (Op.input(op, 1).dtype() != dtype) revert IJudge.Judge_Operand(1);
    }
}
