// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @notice Element-wise operators on integers and bool: arithmetic that wraps, extremes, comparisons, logic, casts.
contract IntegerJudge is IJudge {
    using Evidence for Evidence.Cursor;
    using Layout for TensorType;
    using Op for bytes;

    /// In order: those up to Relu keep the operands' type, comparisons and logic give bool, Cast changes the type.
    enum Action {
        Add,
        Sub,
        Mul,
        Div,
        ShiftLeft,
        ShiftRight,
        Mod,
        Remainder,
        Min,
        Max,
        Clip,
        Neg,
        Abs,
        Sign,
        Relu,
        Equal,
        Greater,
        Less,
        GreaterOrEqual,
        LessOrEqual,
        And,
        Or,
        Xor,
        Not,
        Cast
    }

    /// @inheritdoc IJudge
    function judge(
        bytes calldata op,
        uint256,
        uint256 output,
        uint256 element,
        uint256 claimed,
        bytes calldata evidence
    ) external pure returns (Verdict) {
        if (output != 0) revert Judge_Operand(Op.OUTPUT_SLOT + output);
        TensorType to = op.output(0);
        uint256 here = to.locate(element);
        TensorType from = op.input(0);
        uint256 kind = from.dtype();
        Action action = _action(op.opcode());
        _check(action, kind, to.dtype());
        // BitShift, word: to the right; Mod, word: the sign is that of the dividend
        if ((action == Action.ShiftLeft || action == Action.Mod) && op.natural(0) != 0) {
            action = action == Action.Mod ? Action.Remainder : Action.ShiftRight;
        }

        Evidence.Cursor memory cursor = Evidence.open(evidence);
        int256 result = _operand(from, 0, kind, to.rank(), here, cursor);
        bool any;
        if ((action >= Action.Neg && action <= Action.Relu) || action >= Action.Not) {
            result = _unary(action, result, to.dtype());
        } else {
            (uint256 slots, ) = op.counts();
            for (uint256 slot = 1; slot < slots; ++slot) {
                if (!op.present(slot)) {
                    if (action == Action.Clip) continue;
                    revert Judge_Operand(slot);
                }
                from = from.next();
                int256 right = _operand(from, slot, kind, to.rank(), here, cursor);
                if (_undefined(action, kind, right)) any = true;
                else result = _binary(action == Action.Clip ? _bound(slot) : action, result, right);
            }
        }
        cursor.done();
        return any || Elements.wrap(result, to.dtype()) == claimed ? Verdict.Permitted : Verdict.Convicted;
    }

    /// @dev Division by zero, and shifts by the width of the type or more.
    function _undefined(Action action, uint256 kind, int256 right) private pure returns (bool) {
        if (action < Action.Div || action > Action.Remainder) return false;
        if (action == Action.ShiftLeft || action == Action.ShiftRight) {
            return right < 0 || right >= int256(8 * Elements.size(kind));
        }
        return right == 0;
    }

    /// @dev The element of operand `slot` that is broadcast to the output's `here`.
    function _operand(
        TensorType from,
        uint256 slot,
        uint256 kind,
        uint256 rank,
        uint256 here,
        Evidence.Cursor memory cursor
    ) private pure returns (int256) {
        if (from.dtype() != kind) revert Judge_Operand(slot);
        return Elements.value(cursor.element(slot, from, from.indexOf(from.broadcast(rank, here))), kind);
    }

    /// @dev Clip is the larger of the value and operand 1, then the smaller of that and operand 2.
    function _bound(uint256 slot) private pure returns (Action) {
        return slot == 1 ? Action.Max : Action.Min;
    }

    function _unary(Action action, int256 a, uint256 kind) private pure returns (int256) {
        unchecked {
            if (action == Action.Neg) return -a;
            if (action == Action.Abs) return a < 0 ? -a : a;
            if (action == Action.Sign)
                return
                    a < 0
                        ? -1
                        : a > 0
                            ? int256(1)
                            : int256(0);
            if (action == Action.Relu) return a < 0 ? int256(0) : a;
            if (action == Action.Not) return a ^ 1;
            return kind == Elements.BOOL && a != 0 ? int256(1) : a;
        }
    }

    function _binary(Action action, int256 a, int256 b) private pure returns (int256) {
        unchecked {
            if (action == Action.Add) return a + b;
            if (action == Action.Sub) return a - b;
            if (action == Action.Mul) return a * b;
            if (action == Action.Div) return a / b;
            if (action == Action.ShiftLeft) return a << uint256(b);
            if (action == Action.ShiftRight) return a >> uint256(b);
            if (action == Action.Remainder) return a % b;
            if (action == Action.Mod) {
                int256 rest = a % b;
                return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
            }
            if (action == Action.Min) return a < b ? a : b;
            if (action == Action.Max) return a > b ? a : b;
            if (action == Action.And) return a & b;
            if (action == Action.Or) return a | b;
            if (action == Action.Xor) return a ^ b;
            bool yes = action == Action.Equal && a == b;
            yes = yes || ((action == Action.Greater || action == Action.GreaterOrEqual) && a > b);
            yes = yes || ((action == Action.Less || action == Action.LessOrEqual) && a < b);
            yes = yes || ((action == Action.GreaterOrEqual || action == Action.LessOrEqual) && a == b);
            return yes ? int256(1) : int256(0);
        }
    }

    /// @dev Reverts on element types that the operator does not have, or that another judge answers for.
    function _check(Action action, uint256 from, uint256 to) private pure {
        bool logic = action >= Action.And && action <= Action.Not;
        if (action == Action.ShiftLeft && Elements.isSigned(from)) revert Judge_Operand(0);
        bool bools = logic || action == Action.Equal || action == Action.Cast;
        if (!(Elements.isInteger(from) && !logic) && !(from == Elements.BOOL && bools)) revert Judge_Operand(0);
        bool good =
            action <= Action.Relu
                ? to == from
                : action == Action.Cast
                    ? Elements.isInteger(to) || to == Elements.BOOL
                    : to == Elements.BOOL;
        if (!good) revert Judge_Operand(Op.OUTPUT_SLOT);
    }

    function _action(bytes32 code) private pure returns (Action) {
        if (code == keccak256("ai.onnx/Add/13") || code == keccak256("ai.onnx/Add/14")) return Action.Add;
        if (code == keccak256("ai.onnx/Sub/13") || code == keccak256("ai.onnx/Sub/14")) return Action.Sub;
        if (code == keccak256("ai.onnx/Mul/13") || code == keccak256("ai.onnx/Mul/14")) return Action.Mul;
        if (code == keccak256("ai.onnx/Div/13") || code == keccak256("ai.onnx/Div/14")) return Action.Div;
        if (code == keccak256("ai.onnx/BitShift/11")) return Action.ShiftLeft;
        if (code == keccak256("ai.onnx/Mod/13")) return Action.Mod;
        if (code == keccak256("ai.onnx/Min/13")) return Action.Min;
        if (code == keccak256("ai.onnx/Max/13")) return Action.Max;
        if (code == keccak256("ai.onnx/Clip/13")) return Action.Clip;
        if (code == keccak256("ai.onnx/Neg/13")) return Action.Neg;
        if (code == keccak256("ai.onnx/Abs/13")) return Action.Abs;
        if (code == keccak256("ai.onnx/Sign/13")) return Action.Sign;
        if (code == keccak256("ai.onnx/Relu/14")) return Action.Relu;
        if (code == keccak256("ai.onnx/Equal/13") || code == keccak256("ai.onnx/Equal/19")) return Action.Equal;
        if (code == keccak256("ai.onnx/Greater/13")) return Action.Greater;
        if (code == keccak256("ai.onnx/Less/13")) return Action.Less;
        if (code == keccak256("ai.onnx/GreaterOrEqual/12") || code == keccak256("ai.onnx/GreaterOrEqual/16")) {
            return Action.GreaterOrEqual;
        }
        if (code == keccak256("ai.onnx/LessOrEqual/12") || code == keccak256("ai.onnx/LessOrEqual/16")) {
            return Action.LessOrEqual;
        }
        if (code == keccak256("ai.onnx/And/7")) return Action.And;
        if (code == keccak256("ai.onnx/Or/7")) return Action.Or;
        if (code == keccak256("ai.onnx/Xor/7")) return Action.Xor;
        if (code == keccak256("ai.onnx/Not/1")) return Action.Not;
        if (
            code == keccak256("ai.onnx/Cast/13") ||
            code == keccak256("ai.onnx/Cast/19") ||
            code == keccak256("ai.onnx/Cast/21")
        ) {
            return Action.Cast;
        }
        revert Judge_Opcode(code);
    }
}
