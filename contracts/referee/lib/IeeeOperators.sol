// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";

/// @title Operators that round at most once, by their opcodes
library IeeeOperators {
    enum Kind {
        Add,
        Sub,
        Mul,
        Div,
        Min,
        Max,
        Relu,
        Clip,
        LeakyRelu,
        Sqrt,
        Abs,
        Neg,
        Floor,
        Ceil,
        Round,
        Sign,
        PRelu,
        ThresholdedRelu,
        Shrink,
        Equal,
        Greater,
        Less,
        GreaterOrEqual,
        LessOrEqual,
        Cast
    }

    function kind(bytes32 code) internal pure returns (Kind) {
        if (code == keccak256("ai.onnx/Add/7")) return Kind.Add;
        if (code == keccak256("ai.onnx/Add/13")) return Kind.Add;
        if (code == keccak256("ai.onnx/Add/14")) return Kind.Add;
        if (code == keccak256("ai.onnx/Sub/7")) return Kind.Sub;
        if (code == keccak256("ai.onnx/Sub/13")) return Kind.Sub;
        if (code == keccak256("ai.onnx/Sub/14")) return Kind.Sub;
        if (code == keccak256("ai.onnx/Mul/7")) return Kind.Mul;
        if (code == keccak256("ai.onnx/Mul/13")) return Kind.Mul;
        if (code == keccak256("ai.onnx/Mul/14")) return Kind.Mul;
        if (code == keccak256("ai.onnx/Div/7")) return Kind.Div;
        if (code == keccak256("ai.onnx/Div/13")) return Kind.Div;
        if (code == keccak256("ai.onnx/Div/14")) return Kind.Div;
        if (code == keccak256("ai.onnx/Min/8")) return Kind.Min;
        if (code == keccak256("ai.onnx/Min/12")) return Kind.Min;
        if (code == keccak256("ai.onnx/Min/13")) return Kind.Min;
        if (code == keccak256("ai.onnx/Max/8")) return Kind.Max;
        if (code == keccak256("ai.onnx/Max/12")) return Kind.Max;
        if (code == keccak256("ai.onnx/Max/13")) return Kind.Max;
        if (code == keccak256("ai.onnx/Relu/6")) return Kind.Relu;
        if (code == keccak256("ai.onnx/Relu/13")) return Kind.Relu;
        if (code == keccak256("ai.onnx/Relu/14")) return Kind.Relu;
        if (code == keccak256("ai.onnx/Clip/11")) return Kind.Clip;
        if (code == keccak256("ai.onnx/Clip/12")) return Kind.Clip;
        if (code == keccak256("ai.onnx/Clip/13")) return Kind.Clip;
        if (code == keccak256("ai.onnx/LeakyRelu/6")) return Kind.LeakyRelu;
        if (code == keccak256("ai.onnx/LeakyRelu/16")) return Kind.LeakyRelu;
        if (code == keccak256("ai.onnx/Sqrt/6")) return Kind.Sqrt;
        if (code == keccak256("ai.onnx/Sqrt/13")) return Kind.Sqrt;
        if (code == keccak256("ai.onnx/Abs/6")) return Kind.Abs;
        if (code == keccak256("ai.onnx/Abs/13")) return Kind.Abs;
        if (code == keccak256("ai.onnx/Neg/6")) return Kind.Neg;
        if (code == keccak256("ai.onnx/Neg/13")) return Kind.Neg;
        if (code == keccak256("ai.onnx/Floor/6")) return Kind.Floor;
        if (code == keccak256("ai.onnx/Floor/13")) return Kind.Floor;
        if (code == keccak256("ai.onnx/Ceil/6")) return Kind.Ceil;
        if (code == keccak256("ai.onnx/Ceil/13")) return Kind.Ceil;
        if (code == keccak256("ai.onnx/Round/11")) return Kind.Round;
        if (code == keccak256("ai.onnx/Round/22")) return Kind.Round;
        if (code == keccak256("ai.onnx/Sign/9")) return Kind.Sign;
        if (code == keccak256("ai.onnx/Sign/13")) return Kind.Sign;
        if (code == keccak256("ai.onnx/PRelu/9")) return Kind.PRelu;
        if (code == keccak256("ai.onnx/PRelu/16")) return Kind.PRelu;
        if (code == keccak256("ai.onnx/ThresholdedRelu/10")) return Kind.ThresholdedRelu;
        if (code == keccak256("ai.onnx/ThresholdedRelu/22")) return Kind.ThresholdedRelu;
        if (code == keccak256("ai.onnx/Shrink/9")) return Kind.Shrink;
        if (code == keccak256("ai.onnx/Equal/7")) return Kind.Equal;
        if (code == keccak256("ai.onnx/Equal/11")) return Kind.Equal;
        if (code == keccak256("ai.onnx/Equal/13")) return Kind.Equal;
        if (code == keccak256("ai.onnx/Equal/19")) return Kind.Equal;
        if (code == keccak256("ai.onnx/Greater/7")) return Kind.Greater;
        if (code == keccak256("ai.onnx/Greater/9")) return Kind.Greater;
        if (code == keccak256("ai.onnx/Greater/13")) return Kind.Greater;
        if (code == keccak256("ai.onnx/Less/7")) return Kind.Less;
        if (code == keccak256("ai.onnx/Less/9")) return Kind.Less;
        if (code == keccak256("ai.onnx/Less/13")) return Kind.Less;
        if (code == keccak256("ai.onnx/GreaterOrEqual/12")) return Kind.GreaterOrEqual;
        if (code == keccak256("ai.onnx/GreaterOrEqual/16")) return Kind.GreaterOrEqual;
        if (code == keccak256("ai.onnx/LessOrEqual/12")) return Kind.LessOrEqual;
        if (code == keccak256("ai.onnx/LessOrEqual/16")) return Kind.LessOrEqual;
        if (code == keccak256("ai.onnx/Cast/6")) return Kind.Cast;
        if (code == keccak256("ai.onnx/Cast/9")) return Kind.Cast;
        if (code == keccak256("ai.onnx/Cast/13")) return Kind.Cast;
        if (code == keccak256("ai.onnx/Cast/19")) return Kind.Cast;
        if (code == keccak256("ai.onnx/Cast/21")) return Kind.Cast;
        if (code == keccak256("ai.onnx/Cast/23")) return Kind.Cast;
        if (code == keccak256("ai.onnx/Cast/24")) return Kind.Cast;
        revert IJudge.Judge_Opcode(code);
    }
}
