// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {ActivationInterval} from "../lib/ActivationInterval.sol";
import {ActivationOperators} from "../lib/ActivationOperators.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Float32} from "../lib/Float32.sol";
import {Intervals} from "../lib/Interval.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {Power} from "../lib/Power.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @title Judge of transcendental functions of one binary32 element, and of powers
contract ActivationJudge is IJudge {
    using Evidence for Evidence.Cursor;

    /// numerics 1: fp32
    uint256 private constant NUMERICS = 1;
    uint256 private constant GREATEST = 0x7f7fffff;
    /// 2^32: the coefficients of HardSigmoid lie within
    uint256 private constant GREATEST_COEFFICIENT = 0x4f800000;

    /// The function that an operator applies, with its attribute words.
    struct Function {
        ActivationOperators.Kind kind;
        uint256 first;
        uint256 second;
    }

    /// @inheritdoc IJudge
    function judge(
        bytes calldata op,
        uint256 numerics,
        uint256 output,
        uint256 element,
        uint256 claimed,
        bytes calldata evidence
    ) external pure returns (Verdict verdict) {
        if (numerics != NUMERICS) revert Judge_Numerics(numerics);
        if (output != 0) revert Judge_Operand(Op.OUTPUT_SLOT + output);
        Function memory f;
        f.kind = ActivationOperators.kind(Op.opcode(op));
        TensorType y = Op.output(op, 0);
        if (y.dtype() != Elements.FLOAT32) revert Judge_Operand(Op.OUTPUT_SLOT);
        uint256 coordinates = Layout.locate(y, element);
        Evidence.Cursor memory cursor = Evidence.open(evidence);
        uint256 x = _operand(op, cursor, 0, y.rank(), coordinates);
        if (f.kind == ActivationOperators.Kind.Pow) {
            verdict = Power.judge(x, _operand(op, cursor, 1, y.rank(), coordinates), claimed);
        } else {
            _read(op, f);
            verdict = _judge(f, x, claimed);
            // a device may read a subnormal operand as zero
            if (Float32.isSubnormal(x)) verdict = Intervals.mildest(verdict, _judge(f, x & Float32.SIGN, claimed));
        }
        cursor.done();
    }

    function _operand(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        uint256 rank,
        uint256 coordinates
    ) private pure returns (uint256) {
        TensorType kind = Op.input(op, slot);
        if (kind.dtype() != Elements.FLOAT32) revert Judge_Operand(slot);
        return cursor.element(slot, kind, Layout.indexOf(kind, Layout.broadcast(kind, rank, coordinates)));
    }

    function _read(bytes calldata op, Function memory f) private pure {
        if (f.kind == ActivationOperators.Kind.Gelu) {
            f.first = Op.natural(op, 0);
        } else if (f.kind == ActivationOperators.Kind.Elu) {
            f.first = _coefficient(op, 0, GREATEST);
        } else if (f.kind == ActivationOperators.Kind.HardSigmoid) {
            f.first = _coefficient(op, 0, GREATEST_COEFFICIENT);
            f.second = _coefficient(op, 1, GREATEST_COEFFICIENT);
        }
    }

    function _coefficient(bytes calldata op, uint256 i, uint256 most) private pure returns (uint256 bits) {
        bits = Op.natural(op, i);
        if (Float32.magnitude(bits) > most) revert Judge_Attribute(i);
    }

    function _judge(Function memory f, uint256 x, uint256 claimed) private pure returns (Verdict) {
        if (Float32.isNan(x)) {
            // a kernel that clamps its operand may lose a NaN
            if (claimed == Float32.NAN) return Verdict.Permitted;
            if (f.kind == ActivationOperators.Kind.Log) return Verdict.Void;
            return
                Intervals.mildest(
                    _judge(f, Float32.INFINITY, claimed),
                    _judge(f, Float32.INFINITY | Float32.SIGN, claimed)
                );
        }
        (bool exact, bool permitted) = _exactly(f, x, claimed);
        if (exact && permitted) return Verdict.Permitted;
        // WGSL leaves open what these are
        bool open = f.kind == ActivationOperators.Kind.Log && (Float32.isZero(x) || x & Float32.SIGN != 0);
        if (exact) return open ? Verdict.Void : Verdict.Convicted;
        // the infinities that are left saturate, as the greatest finite numbers do
        if (Float32.magnitude(x) == Float32.INFINITY) --x;
        return ActivationInterval.evaluate(f.kind, x, f.first, f.second).judge(claimed);
    }

    /// @dev Whether `claimed` is among the only results that arithmetic allows, where there is no interval.
    function _exactly(Function memory f, uint256 x, uint256 claimed) private pure returns (bool exact, bool permitted) {
        bool infinite = Float32.magnitude(x) == Float32.INFINITY;
        bool negative = x & Float32.SIGN != 0;
        bool zero = claimed & ~Float32.SIGN == 0;
        ActivationOperators.Kind kind = f.kind;
        if (kind == ActivationOperators.Kind.Exp) return (infinite, claimed == (negative ? 0 : Float32.INFINITY));
        if (kind == ActivationOperators.Kind.Log) {
            if (Float32.isZero(x)) return (true, claimed == Float32.INFINITY | Float32.SIGN);
            if (negative) return (true, claimed == Float32.NAN);
            return (infinite, claimed == Float32.INFINITY);
        }
        if (kind == ActivationOperators.Kind.Softplus) return (infinite && !negative, claimed == Float32.INFINITY);
        if (kind == ActivationOperators.Kind.Gelu || kind == ActivationOperators.Kind.HardSwish) {
            return (infinite, negative ? claimed == Float32.NAN || zero : claimed == Float32.INFINITY);
        }
        if (kind == ActivationOperators.Kind.HardSigmoid) {
            return (infinite && Float32.isZero(f.first), claimed == Float32.NAN);
        }
        if (kind == ActivationOperators.Kind.Elu) {
            return (Float32.isZero(x) || !negative, Float32.isZero(x) ? zero : claimed == x);
        }
        if (kind == ActivationOperators.Kind.Sin || kind == ActivationOperators.Kind.Cos) {
            return (infinite, claimed == Float32.NAN);
        }
        if (kind == ActivationOperators.Kind.Reciprocal) {
            if (Float32.isZero(x)) return (true, claimed == Float32.INFINITY | x);
            return (infinite, zero);
        }
    }
}
