// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {DotIntegers} from "../lib/DotIntegers.sol";
import {DotRows} from "../lib/DotRows.sol";
import {DotWindow} from "../lib/DotWindow.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Float32} from "../lib/Float32.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {Quantum} from "../lib/Quantum.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @title Judge of QuantizeLinear, DequantizeLinear, DynamicQuantizeLinear, QLinearMatMul and QLinearConv
/// @dev No width, but that a quantised value may be either neighbour where the exact one lies within the engines'
/// rounding errors of the middle between them. Where a scale is no positive, finite, normal number, engines differ:
/// anything is permitted.
contract QuantiseJudge is IJudge {
    using Evidence for Evidence.Cursor;
    using Layout for TensorType;
    using Layout for uint256;
    using Op for bytes;

    /// numerics 1: fp32
    uint256 private constant NUMERICS = 1;
    uint256 private constant UINT8_SPAN = 0x437f0000; // 255
    uint256 private constant UINT8_STEP = 0x3b808081; // nearest to 1/255
    uint256 private constant ONE = 0x3f800000;
    /// Below it, flushes would matter to a scale of 255 steps.
    uint256 private constant SMALL = 0x0d800000;
    /// Two roundings, and two more of requantisation, with room.
    uint256 private constant QUOTIENT = 22;
    uint256 private constant REQUANTISED = 21;
    /// Range of the exponents that engines' factors stay within.
    int256 private constant REACH = 120;

    /// @inheritdoc IJudge
    function judge(
        bytes calldata op,
        uint256 numerics,
        uint256 output,
        uint256 element,
        uint256 claimed,
        bytes calldata evidence
    ) external pure returns (Verdict) {
        if (numerics != NUMERICS) revert Judge_Numerics(numerics);
        if (output != 0) revert Judge_Operand(Op.OUTPUT_SLOT + output);
        Evidence.Cursor memory cursor = Evidence.open(evidence);
        bool permitted = _permits(op, op.opcode(), cursor, element, claimed);
        cursor.done();
        return permitted ? Verdict.Permitted : Verdict.Convicted;
    }

    function _permits(
        bytes calldata op,
        bytes32 code,
        Evidence.Cursor memory cursor,
        uint256 element,
        uint256 claimed
    ) private pure returns (bool) {
        if (
            code == keccak256("ai.onnx/QuantizeLinear/13") ||
            code == keccak256("ai.onnx/QuantizeLinear/19") ||
            code == keccak256("ai.onnx/QuantizeLinear/21")
        ) {
            return _quantised(op, cursor, op.output(0).locate(element), claimed);
        }
        if (
            code == keccak256("ai.onnx/DequantizeLinear/13") ||
            code == keccak256("ai.onnx/DequantizeLinear/19") ||
            code == keccak256("ai.onnx/DequantizeLinear/21")
        ) {
            return _dequantised(op, cursor, op.output(0).locate(element), claimed);
        }
        if (code == keccak256("ai.onnx/DynamicQuantizeLinear/11")) {
            op.output(0).locate(element);
            return op.natural(0) == 1 ? _scale(op, cursor, claimed) : _zeroPoint(op, cursor, claimed);
        }
        if (code == keccak256("ai.onnx/QLinearMatMul/10") || code == keccak256("ai.onnx/QLinearMatMul/21")) {
            DotRows.Rows memory rows = DotRows.matmul(op, element);
            uint256 dot = DotIntegers.rows(op, cursor, rows);
            return _requantised(op, cursor, dot, rows.row, rows.column, claimed);
        }
        if (code == keccak256("ai.onnx/QLinearConv/10")) {
            DotWindow.Window memory window = DotWindow.locate(op, element);
            uint256 dot = DotIntegers.window(op, cursor, window);
            return _requantised(op, cursor, dot, 0, window.filter, claimed);
        }
        revert Judge_Opcode(code);
    }

    /// @dev Word: axis. Evidence: x, its scale, the zero point if there is one.
    function _quantised(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 here,
        uint256 claimed
    ) private pure returns (bool) {
        uint256 x = _float(op, cursor, 0, here);
        uint256 channel = here.get(op.natural(0));
        uint256 scale = _factor(op, cursor, 1, channel);
        uint256 kind = op.output(0).dtype();
        int256 zero = _zero(op, cursor, 2, channel, kind);
        if (!Quantum.isScale(scale) || Float32.isNan(x)) return true;
        return Quantum.permits(_quotient(x, scale, kind, zero), claimed);
    }

    /// @dev Word: axis. Evidence: x, its scale, the zero point if there is one.
    function _dequantised(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 here,
        uint256 claimed
    ) private pure returns (bool) {
        if (op.output(0).dtype() != Elements.FLOAT32) revert Judge_Operand(Op.OUTPUT_SLOT);
        TensorType from = op.input(0);
        uint256 kind = from.dtype();
        if (!Elements.isInteger(kind) || Elements.size(kind) > 4) revert Judge_Operand(0);
        int256 x = Elements.value(cursor.element(0, from, from.indexOf(here)), kind);
        uint256 channel = here.get(op.natural(0));
        uint256 scale = _factor(op, cursor, 1, channel);
        if (op.present(2) && Elements.size(kind) > 2) revert Judge_Operand(2);
        uint256 number = Float32.fromInteger(x - _zero(op, cursor, 2, channel, kind));
        if (Float32.isSubnormal(scale) && claimed & ~Float32.SIGN == 0) return true;
        uint256 result = Float32.mul(number, scale);
        if (result & Float32.TINY != 0 && claimed & ~Float32.SIGN == 0) return true;
        return claimed == result & 0xffffffff;
    }

    /// @dev DynamicQuantizeLinear, word: part (1: scale, 2: zero point). Evidence: all of x.
    function _scale(bytes calldata op, Evidence.Cursor memory cursor, uint256 claimed) private pure returns (bool) {
        if (op.output(0).dtype() != Elements.FLOAT32) revert Judge_Operand(Op.OUTPUT_SLOT);
        (uint256 low, uint256 high, bool odd) = _ends(op, cursor);
        if (odd) return true;
        uint256 span = Float32.sub(high, low) & 0xffffffff;
        if (Float32.isZero(span)) return claimed == ONE || claimed == 0;
        if (span < SMALL || span >= Float32.INFINITY) return true;
        return
            claimed == Float32.div(span, UINT8_SPAN) & 0xffffffff ||
            claimed == Float32.mul(span, UINT8_STEP) & 0xffffffff;
    }

    /// @dev Evidence: all of x, then the scale.
    function _zeroPoint(bytes calldata op, Evidence.Cursor memory cursor, uint256 claimed) private pure returns (bool) {
        if (op.output(0).dtype() != Elements.UINT8) revert Judge_Operand(Op.OUTPUT_SLOT);
        (uint256 low, , bool odd) = _ends(op, cursor);
        uint256 scale = _factor(op, cursor, 1, 0);
        if (odd || !Quantum.isScale(scale)) return true;
        return Quantum.permits(_quotient(Float32.magnitude(low), scale, Elements.UINT8, 0), claimed);
    }

    /// @dev The smallest and the largest of x and zero; odd if some x is no finite number.
    function _ends(
        bytes calldata op,
        Evidence.Cursor memory cursor
    ) private pure returns (uint256 low, uint256 high, bool odd) {
        unchecked {
            TensorType from = op.input(0);
            if (from.dtype() != Elements.FLOAT32) revert Judge_Operand(0);
            uint256 size = from.elements() << 2;
            uint256 data = cursor.take(0, 0, size);
            for (uint256 i = 0; i < size; i += 4) {
                uint256 x = Elements.read(data + i, 4);
                if (Float32.magnitude(x) >= Float32.INFINITY) odd = true;
                if (x & Float32.SIGN == 0) {
                    if (x > high) high = x;
                } else if (x > low) low = x;
            }
        }
    }

    /// @dev Evidence, after the dot product's: the scales of both operands and of the result, its zero point, and the
    /// bias, of which all but the first three may be absent.
    function _requantised(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 dot,
        uint256 row,
        uint256 column,
        uint256 claimed
    ) private pure returns (bool) {
        unchecked {
            uint256 a = _factor(op, cursor, 4, row);
            uint256 b = _factor(op, cursor, 5, column);
            uint256 y = _factor(op, cursor, 6, 0);
            Quantum.Value memory v;
            v.kind = op.output(0).dtype();
            v.zero = _zero(op, cursor, 7, 0, v.kind);
            int256 sum = Elements.value(dot, Elements.INT32);
            if (op.present(8)) {
                TensorType bias = op.input(8);
                if (bias.dtype() != Elements.INT32) revert Judge_Operand(8);
                sum += Elements.value(cursor.element(8, bias, column), Elements.INT32);
                sum = Elements.value(Elements.wrap(sum, Elements.INT32), Elements.INT32);
            }
            if (!Quantum.isScale(a) || !Quantum.isScale(b) || !Quantum.isScale(y)) return true;
            int256 e = int256(a >> 23) + int256(b >> 23) - 254;
            int256 f = e - int256(y >> 23) + 127;
            if (e < -REACH || e > REACH || f < -REACH || f > REACH) return true;
            v.negative = sum < 0;
            uint256 m = uint256(v.negative ? -sum : sum);
            (uint256 ma, ) = Float32.unpack(a);
            (uint256 mb, ) = Float32.unpack(b);
            (v.n, ) = Float32.unpack(y);
            v.m = m * ma * mb;
            v.e = f - 23;
            bool exact = Quantum.isPowerOfTwo(a) && Quantum.isPowerOfTwo(b) && Quantum.isPowerOfTwo(y);
            v.slack = exact && m <= 1 << 24 ? 0 : REQUANTISED;
            return Quantum.permits(v, claimed);
        }
    }

    /// @dev x / scale, on its way to an integer type.
    function _quotient(
        uint256 x,
        uint256 scale,
        uint256 kind,
        int256 zero
    ) private pure returns (Quantum.Value memory v) {
        unchecked {
            v.negative = x & Float32.SIGN != 0;
            (uint256 m, int256 e) = Float32.unpack(x);
            (uint256 n, int256 f) = Float32.unpack(scale);
            (v.m, v.n, v.e) = (m, n, e - f);
            v.slack = Quantum.isPowerOfTwo(scale) ? 0 : QUOTIENT;
            v.flushed = Float32.isSubnormal(x);
            (v.kind, v.zero) = (kind, zero);
        }
    }

    function _float(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        uint256 here
    ) private pure returns (uint256) {
        TensorType kind = op.input(slot);
        if (kind.dtype() != Elements.FLOAT32) revert Judge_Operand(slot);
        return cursor.element(slot, kind, kind.indexOf(here));
    }

    /// @dev A scale: one for all, or one for each row, column or channel.
    function _factor(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        uint256 channel
    ) private pure returns (uint256) {
        return _float(op, cursor, slot, _place(op.input(slot), slot, channel));
    }

    function _zero(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        uint256 channel,
        uint256 dtype
    ) private pure returns (int256) {
        if (!Elements.isInteger(dtype)) revert Judge_Operand(Op.OUTPUT_SLOT);
        if (!op.present(slot)) return 0;
        TensorType kind = op.input(slot);
        if (kind.dtype() != dtype) revert Judge_Operand(slot);
        return Elements.value(cursor.element(slot, kind, kind.indexOf(_place(kind, slot, channel))), dtype);
    }

    function _place(TensorType kind, uint256 slot, uint256 channel) private pure returns (uint256) {
        if (kind.rank() > 1) revert Judge_Operand(slot);
        if (kind.elements() == 1) return 0;
        if (channel >= kind.elements()) revert Judge_Operand(slot);
        return channel;
    }
}
