// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Buffer} from "../lib/Buffer.sol";
import {DotAxes} from "../lib/DotAxes.sol";
import {DotChain} from "../lib/DotChain.sol";
import {DotIntegers} from "../lib/DotIntegers.sol";
import {DotInterval} from "../lib/DotInterval.sol";
import {DotRows} from "../lib/DotRows.sol";
import {DotTaps} from "../lib/DotTaps.sol";
import {DotWindow} from "../lib/DotWindow.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @title Judge of MatMul, Gemm, Conv, ConvTranspose, Einsum (binary32), MatMulInteger and ConvInteger (bytes of one
/// signedness)
contract DotJudge is IJudge {
    using Evidence for Evidence.Cursor;

    bytes32 private constant MATMUL_1 = keccak256("ai.onnx/MatMul/1");
    bytes32 private constant MATMUL_9 = keccak256("ai.onnx/MatMul/9");
    bytes32 private constant MATMUL_13 = keccak256("ai.onnx/MatMul/13");
    bytes32 private constant GEMM_7 = keccak256("ai.onnx/Gemm/7");
    bytes32 private constant GEMM_9 = keccak256("ai.onnx/Gemm/9");
    bytes32 private constant GEMM_11 = keccak256("ai.onnx/Gemm/11");
    bytes32 private constant GEMM_13 = keccak256("ai.onnx/Gemm/13");
    bytes32 private constant CONV_1 = keccak256("ai.onnx/Conv/1");
    bytes32 private constant CONV_11 = keccak256("ai.onnx/Conv/11");
    bytes32 private constant CONV_22 = keccak256("ai.onnx/Conv/22");
    bytes32 private constant CONV_TRANSPOSE_11 = keccak256("ai.onnx/ConvTranspose/11");
    bytes32 private constant CONV_TRANSPOSE_22 = keccak256("ai.onnx/ConvTranspose/22");
    bytes32 private constant EINSUM_12 = keccak256("ai.onnx/Einsum/12");
    bytes32 private constant MATMUL_INTEGER_10 = keccak256("ai.onnx/MatMulInteger/10");
    bytes32 private constant CONV_INTEGER_10 = keccak256("ai.onnx/ConvInteger/10");

    /// numerics 1: fp32, chains of additions as in DotChain
    uint256 private constant NUMERICS = 1;
    /// 1.0 in little-endian order, at the head of a word
    uint256 private constant ONE = 0x0000803f << 224;

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
        bytes32 code = Op.opcode(op);
        if (code == MATMUL_13 || code == MATMUL_9 || code == MATMUL_1) {
            return _rows(op, cursor, DotRows.matmul(op, element), false, claimed);
        }
        if (code == GEMM_13 || code == GEMM_11 || code == GEMM_9 || code == GEMM_7) {
            return _rows(op, cursor, DotRows.gemm(op, element), Op.present(op, 2), claimed);
        }
        if (code == CONV_11 || code == CONV_22 || code == CONV_1) {
            return _window(op, cursor, DotWindow.locate(op, element), claimed);
        }
        if (code == CONV_TRANSPOSE_11 || code == CONV_TRANSPOSE_22) {
            return _taps(op, cursor, DotTaps.locate(op, element), claimed);
        }
        if (code == EINSUM_12) return _rows(op, cursor, DotAxes.rows(op, element), false, claimed);
        if (code == MATMUL_INTEGER_10) {
            return _integer(op, cursor, DotIntegers.rows(op, cursor, DotRows.matmul(op, element)), claimed);
        }
        if (code == CONV_INTEGER_10) {
            return _integer(op, cursor, DotIntegers.window(op, cursor, DotWindow.locate(op, element)), claimed);
        }
        revert Judge_Opcode(code);
    }

    function _rows(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotRows.Rows memory rows,
        bool bias,
        uint256 claimed
    ) private pure returns (Verdict) {
        unchecked {
            _expect(op, Elements.FLOAT32, Elements.FLOAT32);
            uint256 size = rows.terms << 2;
            (uint256 a, uint256 b) = (Buffer.make(size + 4), Buffer.make(size + 4));
            Buffer.copy(a, cursor.take(0, rows.a * size, size), size);
            Buffer.copy(b, cursor.take(1, rows.b * size, size), size);
            if (bias) {
                TensorType c = _typed(op, 2, Elements.FLOAT32);
                uint256 index = Layout.indexOf(c, Layout.broadcast(c, 2, rows.coordinates));
                _bias(a + size, b + size, cursor.take(2, index << 2, 4));
                ++rows.terms;
            }
            cursor.done();
            return DotInterval.judge(a, b, rows.terms, DotChain.product(op), false, claimed);
        }
    }

    function _window(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotWindow.Window memory window,
        uint256 claimed
    ) private pure returns (Verdict) {
        unchecked {
            _expect(op, Elements.FLOAT32, Elements.FLOAT32);
            uint256 size = window.terms << 2;
            (uint256 a, uint256 b) = (Buffer.make(size + 4), Buffer.make(size + 4));
            DotWindow.copy(window, cursor, a, 4);
            Buffer.copy(b, cursor.take(1, window.filter * size, size), size);
            uint256 terms = window.terms;
            if (Op.present(op, 2)) {
                _typed(op, 2, Elements.FLOAT32);
                _bias(a + size, b + size, cursor.take(2, window.filter << 2, 4));
                ++terms;
            }
            cursor.done();
            return DotInterval.judge(a, b, terms, DotChain.convolution(op), window.clipped, claimed);
        }
    }

    function _taps(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotTaps.Taps memory taps,
        uint256 claimed
    ) private pure returns (Verdict) {
        unchecked {
            _expect(op, Elements.FLOAT32, Elements.FLOAT32);
            uint256 count = DotTaps.count(taps);
            uint256 terms = count * taps.depth;
            uint256 size = terms << 2;
            (uint256 a, uint256 b) = (Buffer.make(size + 4), Buffer.make(size + 4));
            DotTaps.copy(taps, cursor, a, b, count);
            if (Op.present(op, 2)) {
                _typed(op, 2, Elements.FLOAT32);
                _bias(a + size, b + size, cursor.take(2, taps.output << 2, 4));
                ++terms;
            }
            cursor.done();
            return DotInterval.judge(a, b, terms, DotChain.UNBLOCKED, false, claimed);
        }
    }

    function _integer(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 dot,
        uint256 claimed
    ) private pure returns (Verdict) {
        if (Op.output(op, 0).dtype() != Elements.INT32) revert Judge_Operand(Op.OUTPUT_SLOT);
        cursor.done();
        return claimed == dot ? Verdict.Permitted : Verdict.Convicted;
    }

    function _expect(bytes calldata op, uint256 operands, uint256 result) private pure {
        _typed(op, 0, operands);
        _typed(op, 1, operands);
        if (Op.output(op, 0).dtype() != result) revert Judge_Operand(Op.OUTPUT_SLOT);
    }

    function _typed(bytes calldata op, uint256 slot, uint256 dtype) private pure returns (TensorType kind) {
        kind = Op.input(op, slot);
        if (kind.dtype() != dtype) revert Judge_Operand(slot);
    }

    /// @dev One more term: the bias times one.
    function _bias(uint256 a, uint256 b, uint256 source) private pure {
        uint256 one = ONE >> 224;
        assembly ("memory-safe") {
            calldatacopy(a, source, 4)
            mstore8(add(b, 2), byte(30, one))
            mstore8(add(b, 3), byte(31, one))
        }
    }
}
