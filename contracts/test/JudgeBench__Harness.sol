// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../interfaces/IJudge.sol";

/// @notice Asks a judge many questions in one call. Verdicts as the enum; 255 where the judge reverts.
contract JudgeBench__Harness {
    struct Case {
        bytes op;
        uint256 numerics;
        uint256 output;
        uint256 element;
        uint256 claimed;
        bytes evidence;
    }

    function run(
        IJudge judge,
        Case[] calldata cases
    ) external view returns (uint8[] memory verdicts, uint256[] memory gas, bytes[] memory reasons) {
        verdicts = new uint8[](cases.length);
        gas = new uint256[](cases.length);
        reasons = new bytes[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            Case calldata c = cases[i];
            uint256 before = gasleft();
            try judge.judge(c.op, c.numerics, c.output, c.element, c.claimed, c.evidence) returns (
                IJudge.Verdict verdict
            ) {
                verdicts[i] = uint8(verdict);
            } catch (bytes memory reason) {
                verdicts[i] = 255;
                reasons[i] = reason;
            }
            gas[i] = before - gasleft();
        }
    }
}
