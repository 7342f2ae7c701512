// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Float32} from "../lib/Float32.sol";
import {IeeeOperators} from "../lib/IeeeOperators.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @title Judge of binary32 operators that round at most once
/// @dev No width: the result rounded to nearest even. A device may read subnormal operands as zero and write subnormal
/// results as zero; such a zero may have either sign. Every other NaN than the canonical one is refused.
contract IeeeJudge is IJudge {
    using Evidence for Evidence.Cursor;

    /// numerics 1: fp32, round to nearest even
    uint256 private constant NUMERICS = 1;
    uint256 private constant NONE = type(uint256).max;
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
        IeeeOperators.Kind kind = IeeeOperators.kind(Op.opcode(op));
        bool cast = kind == IeeeOperators.Kind.Cast;
        (uint256[] memory x, uint256 from) = _operands(op, element, evidence, cast);
        uint256 to = Op.output(op, 0).dtype();
        bool permitted;
        if (cast) {
            permitted = _cast(from, to, x[0], claimed);
        } else {
            bool compares = kind >= IeeeOperators.Kind.Equal;
            if (to != (compares ? Elements.BOOL : Elements.FLOAT32)) revert Judge_Operand(Op.OUTPUT_SLOT);
            bool parameter =
                kind == IeeeOperators.Kind.LeakyRelu ||
                    kind == IeeeOperators.Kind.ThresholdedRelu ||
                    kind == IeeeOperators.Kind.Shrink;
            uint256 alpha = parameter ? Op.natural(op, 0) : 0;
            if (kind == IeeeOperators.Kind.Shrink) x = _with(x[0], Op.natural(op, 1));
            permitted = _permits(kind, x, alpha, claimed) || _permitsFlushed(kind, x, alpha, claimed);
        }
        return permitted ? Verdict.Permitted : Verdict.Convicted;
    }

    function _operands(
        bytes calldata op,
        uint256 element,
        bytes calldata evidence,
        bool cast
    ) private pure returns (uint256[] memory x, uint256 dtype) {
        Evidence.Cursor memory cursor = Evidence.open(evidence);
        TensorType y = Op.output(op, 0);
        uint256 coordinates = Layout.locate(y, element);
        (uint256 inputs, ) = Op.counts(op);
        x = new uint256[](inputs);
        for (uint256 slot = 0; slot < inputs; ++slot) {
            x[slot] = NONE;
            if (slot > 0 && !Op.present(op, slot)) continue;
            TensorType kind = Op.input(op, slot);
            dtype = kind.dtype();
            if (dtype != Elements.FLOAT32 && !cast) revert Judge_Operand(slot);
            x[slot] = cursor.element(slot, kind, Layout.indexOf(kind, Layout.broadcast(kind, y.rank(), coordinates)));
        }
        cursor.done();
    }

    function _permitsFlushed(
        IeeeOperators.Kind kind,
        uint256[] memory x,
        uint256 alpha,
        uint256 claimed
    ) private pure returns (bool) {
        bool flushed = Float32.isSubnormal(alpha);
        if (flushed) alpha &= Float32.SIGN;
        for (uint256 i = 0; i < x.length; ++i) {
            if (x[i] == NONE || !Float32.isSubnormal(x[i])) continue;
            x[i] &= Float32.SIGN;
            flushed = true;
        }
        if (!flushed) return false;
        if (_permits(kind, x, alpha, claimed)) return true;
        return claimed & ~Float32.SIGN == 0 && _permits(kind, x, alpha, claimed ^ Float32.SIGN);
    }

    function _permits(
        IeeeOperators.Kind kind,
        uint256[] memory x,
        uint256 alpha,
        uint256 claimed
    ) private pure returns (bool) {
        uint256 a = _at(x, 0);
        if (kind <= IeeeOperators.Kind.Div) {
            uint256 b = _at(x, 1);
            if (kind == IeeeOperators.Kind.Add) return _rounds(Float32.add(a, b), claimed);
            if (kind == IeeeOperators.Kind.Sub) return _rounds(Float32.sub(a, b), claimed);
            if (kind == IeeeOperators.Kind.Mul) return _rounds(Float32.mul(a, b), claimed);
            return _rounds(Float32.div(a, b), claimed);
        }
        if (kind <= IeeeOperators.Kind.Max) return _extreme(x, kind == IeeeOperators.Kind.Max, claimed);
        if (kind == IeeeOperators.Kind.Clip) return _clip(x, a, claimed) || _clip(x, _bounded(x, a), claimed);
        if (kind >= IeeeOperators.Kind.Equal) return claimed == (_compares(kind, a, _at(x, 1)) ? 1 : 0);
        if (kind == IeeeOperators.Kind.Relu) {
            if (Float32.isNan(a)) return claimed == Float32.NAN || claimed == 0;
            return claimed == (a & Float32.SIGN == 0 ? a : 0) || (Float32.isZero(a) && claimed == a);
        }
        if (kind >= IeeeOperators.Kind.Sign && kind != IeeeOperators.Kind.PRelu) {
            return _stepped(kind, x, alpha, claimed);
        }
        if (Float32.isNan(a)) return claimed == Float32.NAN;
        if (kind == IeeeOperators.Kind.LeakyRelu || kind == IeeeOperators.Kind.PRelu) {
            if (kind == IeeeOperators.Kind.PRelu) alpha = _at(x, 1);
            if (a & Float32.SIGN == 0 || Float32.isZero(a)) {
                if (claimed == a) return true;
                if (!Float32.isZero(a)) return false;
            }
            return _rounds(Float32.mul(alpha, a), claimed);
        }
        if (kind == IeeeOperators.Kind.Sqrt) return claimed == Float32.sqrt(a);
        if (kind == IeeeOperators.Kind.Abs) return claimed == Float32.magnitude(a);
        if (kind == IeeeOperators.Kind.Neg) return claimed == a ^ Float32.SIGN;
        if (kind == IeeeOperators.Kind.Floor) {
            return claimed == Float32.roundToInteger(a, Float32.Rounding.Floor);
        }
        if (kind == IeeeOperators.Kind.Ceil) return claimed == Float32.roundToInteger(a, Float32.Rounding.Ceil);
        return claimed == Float32.roundToInteger(a, Float32.Rounding.Even);
    }

    /// @dev Sign, ThresholdedRelu and Shrink. Zeros may have either sign; a NaN is passed on or taken for no larger and
    /// no smaller than anything.
    function _stepped(
        IeeeOperators.Kind kind,
        uint256[] memory x,
        uint256 alpha,
        uint256 claimed
    ) private pure returns (bool) {
        uint256 a = _at(x, 0);
        bool zero = Float32.isZero(claimed);
        if (Float32.isNan(a)) return zero || claimed == Float32.NAN;
        if (Float32.isNan(alpha)) return zero;
        int256 own = Float32.key(a);
        int256 limit = Float32.key(alpha);
        uint256 result;
        if (kind == IeeeOperators.Kind.Sign) {
            if (own != 0) result = (a & Float32.SIGN) | ONE;
        } else if (kind == IeeeOperators.Kind.ThresholdedRelu) {
            if (own > limit) result = a;
        } else if (own < -limit) result = Float32.add(a, _at(x, 1));
        else if (own > limit) result = Float32.sub(a, _at(x, 1));
        return _rounds(result, claimed) || (zero && Float32.isZero(result & 0xffffffff));
    }

    function _with(uint256 a, uint256 b) private pure returns (uint256[] memory x) {
        x = new uint256[](2);
        (x[0], x[1]) = (a, b);
    }

    function _at(uint256[] memory x, uint256 slot) private pure returns (uint256 bits) {
        if (slot >= x.length || x[slot] == NONE) revert Judge_Operand(slot);
        return x[slot];
    }

    /// @dev Whether `claimed` is the result, or its flush to zero.
    function _rounds(uint256 result, uint256 claimed) private pure returns (bool) {
        if (result & Float32.TINY != 0 && claimed & ~Float32.SIGN == 0) return true;
        return claimed == result & 0xffffffff;
    }

    /// @dev One of the operands, and none beyond it: of zeros either. With a NaN among them any of them, or NaN.
    function _extreme(uint256[] memory x, bool max, uint256 claimed) private pure returns (bool) {
        bool found;
        bool beaten;
        bool nan;
        for (uint256 i = 0; i < x.length; ++i) {
            uint256 a = _at(x, i);
            if (a == claimed) found = true;
            if (Float32.isNan(a)) nan = true;
            else if (max ? Float32.key(a) > Float32.key(claimed) : Float32.key(a) < Float32.key(claimed)) beaten = true;
        }
        return nan ? found || claimed == Float32.NAN : found && !beaten;
    }

    /// @dev min(max(x, low), high) in values; one of the operands of that value. With a NaN any of them, or NaN.
    function _clip(uint256[] memory x, uint256 first, uint256 claimed) private pure returns (bool) {
        uint256 result = first;
        bool found;
        bool nan;
        for (uint256 i = 0; i < x.length; ++i) {
            uint256 a = i == 0 ? first : x[i];
            if (a == NONE) continue;
            if (i == 1 ? Float32.key(a) > Float32.key(result) : Float32.key(a) < Float32.key(result)) result = a;
            if (a == claimed) found = true;
            if (Float32.isNan(a)) nan = true;
        }
        if (nan) return found || claimed == Float32.NAN;
        return found && Float32.key(claimed) == Float32.key(result);
    }

    /// @dev An engine may take the largest finite number of its sign for an absent bound.
    function _bounded(uint256[] memory x, uint256 a) private pure returns (uint256) {
        uint256 slot = a & Float32.SIGN == 0 ? 2 : 1;
        return Float32.magnitude(a) == Float32.INFINITY && (slot >= x.length || x[slot] == NONE) ? a - 1 : a;
    }

    function _compares(IeeeOperators.Kind kind, uint256 a, uint256 b) private pure returns (bool) {
        if (Float32.isNan(a) || Float32.isNan(b)) return false;
        (int256 x, int256 y) = (Float32.key(a), Float32.key(b));
        if (kind == IeeeOperators.Kind.Equal) return x == y;
        if (kind == IeeeOperators.Kind.Greater) return x > y;
        if (kind == IeeeOperators.Kind.Less) return x < y;
        if (kind == IeeeOperators.Kind.GreaterOrEqual) return x >= y;
        return x <= y;
    }

    /// @dev Between binary32 and binary32, integers or bool. What no integer of the type can hold becomes anything.
    function _cast(uint256 from, uint256 to, uint256 x, uint256 claimed) private pure returns (bool) {
        if (to == Elements.FLOAT32) {
            if (from == Elements.FLOAT32) return claimed == x;
            if (Elements.size(from) == 0) revert Judge_Operand(0);
            return claimed == Float32.fromInteger(Elements.value(x, from));
        }
        if (from != Elements.FLOAT32) revert Judge_Operand(0);
        if (to == Elements.BOOL) {
            if (Float32.isSubnormal(x) && claimed == 0) return true;
            return claimed == (Float32.isZero(x) ? 0 : 1);
        }
        if (!Elements.isInteger(to)) revert Judge_Operand(Op.OUTPUT_SLOT);
        if (Float32.magnitude(x) >= Float32.INFINITY) return true;
        int256 value = Float32.toInteger(x);
        if (Elements.value(Elements.wrap(value, to), to) != value) return true;
        return claimed == Elements.wrap(value, to);
    }
}
