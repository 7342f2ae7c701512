// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IJudge} from "../../interfaces/IJudge.sol";
import {Buffer} from "../lib/Buffer.sol";
import {DotInterval} from "../lib/DotInterval.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Float32} from "../lib/Float32.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {PoolWindow} from "../lib/PoolWindow.sol";
import {Reduction} from "../lib/Reduction.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @title Judge of sums and means: ReduceSum, ReduceMean, AveragePool, CumSum, Sum and Mean
/// @dev Engines add up in any order and in chains of any length, so a sum of n binary32 terms may be off by n + 2 units
/// of 2^-24 of the sum of magnitudes, and has no width where every order is exact. On natural data its error grows like
/// √n: the sharp tier is 8 (√n + 2), and the contract's is no narrower. A mean is the sum of terms times the
/// float nearest to 1/n; it has no width only where n is a power of two. Sums of integers wrap and have no width.
contract SumJudge is IJudge {
    using Evidence for Evidence.Cursor;
    using Layout for TensorType;
    using Layout for uint256;
    using Op for bytes;
    using PoolWindow for PoolWindow.Window;

    /// numerics 1: fp32
    uint256 private constant NUMERICS = 1;
    uint256 private constant ONE = 0x3f800000;

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
        uint256 here = op.output(0).locate(element);
        bytes32 code = op.opcode();
        if (code == keccak256("ai.onnx/ReduceSum/13")) return _reduced(op, cursor, here, false, claimed);
        if (code == keccak256("ai.onnx/ReduceMean/13") || code == keccak256("ai.onnx/ReduceMean/18")) {
            return _reduced(op, cursor, here, true, claimed);
        }
        if (
            code == keccak256("ai.onnx/AveragePool/11") ||
            code == keccak256("ai.onnx/AveragePool/19") ||
            code == keccak256("ai.onnx/AveragePool/22")
        ) {
            return _pooled(op, cursor, here, claimed);
        }
        if (code == keccak256("ai.onnx/CumSum/11") || code == keccak256("ai.onnx/CumSum/14")) {
            return _running(op, cursor, here, claimed);
        }
        if (code == keccak256("ai.onnx/Sum/13")) return _operands(op, cursor, here, false, claimed);
        if (code == keccak256("ai.onnx/Mean/13")) return _operands(op, cursor, here, true, claimed);
        revert Judge_Opcode(code);
    }

    /// @dev Words: mask of the reduced axes, keepdims. Evidence: the row.
    function _reduced(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 here,
        bool mean,
        uint256 claimed
    ) private pure returns (Verdict) {
        TensorType from = op.input(0);
        uint256 mask = op.natural(0);
        here = Reduction.coordinates(from, mask, op.natural(1) != 0, here);
        (uint256 number, uint256 length) = Reduction.row(from, mask, here);
        if (length == 0) revert Judge_Operand(0);
        return _row(op, from, cursor, number * length, length, mean ? length : 1, claimed);
    }

    /// @dev CumSum, words: axis, exclusive, reverse. Evidence: the part of the row that is added up, if any.
    function _running(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 here,
        uint256 claimed
    ) private pure returns (Verdict) {
        TensorType from = op.input(0);
        uint256 axis = op.natural(0);
        if (axis >= from.rank()) revert Judge_Attribute(0);
        (uint256 number, uint256 length) = Reduction.row(from, 1 << axis, here);
        uint256 place = here.get(axis);
        if (place >= length) revert Judge_Operand(0);
        uint256 own = op.natural(1) != 0 ? 0 : 1;
        bool backwards = op.natural(2) != 0;
        uint256 first = number * length + (backwards ? place + 1 - own : 0);
        return _row(op, from, cursor, first, backwards ? length - place - 1 + own : place + own, 1, claimed);
    }

    /// @dev The sum of `length` elements in one range, divided by `divisor`.
    function _row(
        bytes calldata op,
        TensorType from,
        Evidence.Cursor memory cursor,
        uint256 first,
        uint256 length,
        uint256 divisor,
        uint256 claimed
    ) private pure returns (Verdict) {
        uint256 kind = from.dtype();
        if (op.output(0).dtype() != kind) revert Judge_Operand(Op.OUTPUT_SLOT);
        uint256 size = Elements.size(kind);
        uint256 data = length == 0 ? 0 : cursor.take(0, first * size, length * size);
        cursor.done();
        if (kind == Elements.FLOAT32) {
            uint256 a = Buffer.make(length << 2);
            Buffer.copy(a, data, length << 2);
            return _judge(a, length, divisor, claimed);
        }
        if (kind != Elements.INT32 && kind != Elements.INT64) revert Judge_Operand(0);
        if (divisor != 1) revert Judge_Operand(0);
        uint256 sum;
        unchecked {
            for (uint256 i = 0; i < length; ++i) sum += Elements.read(data + i * size, size);
        }
        return Elements.wrap(int256(sum), kind) == claimed ? Verdict.Permitted : Verdict.Convicted;
    }

    /// @dev Words: kh, kw, sy, sx, py, px, dy, dx, whether padding counts. Evidence: every element of the window that
    /// lies inside the image, ascending.
    function _pooled(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 here,
        uint256 claimed
    ) private pure returns (Verdict) {
        TensorType from = op.input(0);
        if (from.dtype() != Elements.FLOAT32) revert Judge_Operand(0);
        PoolWindow.Window memory window = PoolWindow.locate(op, from, here);
        uint256 taps = window.taps();
        uint256 a = Buffer.make(taps << 2);
        uint256 terms = 0;
        for (uint256 i = 0; i < taps; ++i) {
            (bool inside, uint256 place) = window.step(from, here, i);
            if (!inside) continue;
            Buffer.copy(a + (terms << 2), cursor.take(0, from.indexOf(place) << 2, 4), 4);
            ++terms;
        }
        cursor.done();
        if (terms == 0) return Verdict.Permitted;
        return _judge(a, terms, op.natural(8) != 0 ? taps : terms, claimed);
    }

    /// @dev Evidence: one element of each operand, broadcast.
    function _operands(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 here,
        bool mean,
        uint256 claimed
    ) private pure returns (Verdict) {
        (uint256 terms, ) = op.counts();
        uint256 axes = op.output(0).rank();
        if (op.output(0).dtype() != Elements.FLOAT32) revert Judge_Operand(Op.OUTPUT_SLOT);
        uint256 a = Buffer.make(terms << 2);
        for (uint256 slot = 0; slot < terms; ++slot) {
            TensorType from = op.input(slot);
            if (from.dtype() != Elements.FLOAT32) revert Judge_Operand(slot);
            uint256 index = from.indexOf(from.broadcast(axes, here));
            Buffer.copy(a + (slot << 2), cursor.take(slot, index << 2, 4), 4);
        }
        cursor.done();
        return _judge(a, terms, mean ? terms : 1, claimed);
    }

    /// @dev An infinite claim may have overflowed before its division.
    function _judge(uint256 a, uint256 terms, uint256 divisor, uint256 claimed) private pure returns (Verdict) {
        unchecked {
            uint256 factor = ONE;
            bool rounded = divisor & (divisor - 1) != 0;
            if (divisor != 1 && Float32.magnitude(claimed) < Float32.INFINITY) {
                factor = Float32.div(ONE, Float32.fromInteger(int256(divisor))) & 0xffffffff;
            }
            uint256 b = Buffer.make(terms << 2);
            for (uint256 i = 0; i < terms; ++i) Buffer.put(b + (i << 2), factor);
            uint256 sharp = (Math.sqrt(terms) + 2) << 3;
            uint256 most = Math.max(terms + 2, sharp);
            return DotInterval.judge(a, b, DotInterval.Question(terms, false, rounded, sharp, most), claimed);
        }
    }
}
