// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {BatchNormalization} from "../lib/BatchNormalization.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Layout} from "../lib/Layout.sol";
import {Normalization} from "../lib/Normalization.sol";
import {NormalizationOperators} from "../lib/NormalizationOperators.sol";
import {Op} from "../lib/Op.sol";
import {Row, Rows} from "../lib/Row.sol";
import {SoftmaxRow} from "../lib/SoftmaxRow.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @title Judge of binary32 functions of a row: Softmax and normalisations
/// @dev A row must lie in one piece: Softmax's axis innermost, the others' operand row-major.
contract NormalizationJudge is IJudge {
    using Evidence for Evidence.Cursor;

    /// numerics 1: fp32
    uint256 private constant NUMERICS = 1;
    uint256 private constant MAX_LENGTH = 1 << 14;
    /// 2^-6
    uint256 private constant GREATEST_EPSILON = 0x3c800000;

    struct Place {
        TensorType x;
        uint256 rank;
        uint256 coordinates;
        uint256 length;
        uint256 row;
        uint256 place;
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
        NormalizationOperators.Kind kind = NormalizationOperators.kind(Op.opcode(op));
        TensorType y = Op.output(op, 0);
        if (y.dtype() != Elements.FLOAT32) revert Judge_Operand(Op.OUTPUT_SLOT);
        Place memory p;
        p.x = _float(op, 0);
        p.rank = y.rank();
        if (p.x.rank() != p.rank) revert Judge_Operand(0);
        p.coordinates = Layout.locate(y, element);
        Evidence.Cursor memory cursor = Evidence.open(evidence);
        if (kind == NormalizationOperators.Kind.BatchNormalization) {
            verdict = _batch(op, cursor, p, claimed);
        } else {
            _locate(op, kind, p);
            Row memory row = Rows.load(cursor.take(0, (p.row * p.length) << 2, p.length << 2), p.length);
            verdict =
                kind <= NormalizationOperators.Kind.LogSoftmax
                    ? SoftmaxRow.judge(row, p.place, kind == NormalizationOperators.Kind.LogSoftmax, claimed)
                    : _normalization(op, cursor, kind, row, p, claimed);
        }
        cursor.done();
    }

    function _float(bytes calldata op, uint256 slot) private pure returns (TensorType kind) {
        kind = Op.input(op, slot);
        if (kind.dtype() != Elements.FLOAT32) revert Judge_Operand(slot);
    }

    /// @dev The row in which the element lies, and its place there.
    function _locate(bytes calldata op, NormalizationOperators.Kind kind, Place memory p) private pure {
        unchecked {
            uint256 first = kind >= NormalizationOperators.Kind.InstanceNormalization ? 2 : Op.natural(op, 0);
            if (first >= p.rank) revert Judge_Attribute(0);
            uint256 length = 1;
            if (kind <= NormalizationOperators.Kind.LogSoftmax) {
                if (Layout.placeOf(p.x, first) != p.rank - 1) revert Judge_Operand(0);
                length = p.x.dim(first);
            } else {
                if (p.x.layoutCode() != 0) revert Judge_Operand(0);
                for (; first < p.rank; ++first) length *= p.x.dim(first);
                if (kind == NormalizationOperators.Kind.GroupNormalization) {
                    uint256 groups = Op.natural(op, 1);
                    if (groups == 0 || p.x.dim(1) % groups != 0) revert Judge_Attribute(1);
                    length *= p.x.dim(1) / groups;
                }
            }
            if (length > MAX_LENGTH) revert Judge_Operand(0);
            p.length = length;
            uint256 index = Layout.indexOf(p.x, p.coordinates);
            p.row = index / length;
            p.place = index % length;
        }
    }

    function _normalization(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        NormalizationOperators.Kind kind,
        Row memory row,
        Place memory p,
        uint256 claimed
    ) private pure returns (Verdict) {
        bool channels = kind >= NormalizationOperators.Kind.InstanceNormalization;
        // after the axis, or before the number of groups
        uint256 epsilon = _epsilon(op, channels ? 0 : 1);
        uint256 scale = channels ? _channel(op, cursor, 1, p) : _broadcast(op, cursor, 1, p);
        uint256 bias;
        if (Op.present(op, 2)) bias = channels ? _channel(op, cursor, 2, p) : _broadcast(op, cursor, 2, p);
        bool centred = kind != NormalizationOperators.Kind.RmsNormalization;
        return Normalization.judge(row, p.place, epsilon, centred, scale, bias, claimed);
    }

    function _batch(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        Place memory p,
        uint256 claimed
    ) private pure returns (Verdict) {
        BatchNormalization.Operands memory o;
        o.epsilon = _epsilon(op, 0);
        o.x = cursor.element(0, p.x, Layout.indexOf(p.x, p.coordinates));
        o.scale = _channel(op, cursor, 1, p);
        o.bias = _channel(op, cursor, 2, p);
        o.mean = _channel(op, cursor, 3, p);
        o.variance = _channel(op, cursor, 4, p);
        return BatchNormalization.judge(o, claimed);
    }

    function _epsilon(bytes calldata op, uint256 word) private pure returns (uint256 bits) {
        bits = Op.natural(op, word);
        if (bits > GREATEST_EPSILON) revert Judge_Attribute(word);
    }

    /// @dev The operand's element for the channel, axis 1.
    function _channel(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        Place memory p
    ) private pure returns (uint256) {
        TensorType kind = _float(op, slot);
        uint256 channel = Layout.get(p.coordinates, 1);
        if (kind.rank() != 1 || p.rank < 2 || channel >= kind.dim(0)) revert Judge_Operand(slot);
        return cursor.element(slot, kind, channel);
    }

    function _broadcast(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        Place memory p
    ) private pure returns (uint256) {
        TensorType kind = _float(op, slot);
        return cursor.element(slot, kind, Layout.indexOf(kind, Layout.broadcast(kind, p.rank, p.coordinates)));
    }
}
