// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedParameters} from "../governance/FixedParameters.sol";
import {IParameters} from "../interfaces/IParameters.sol";

/// @notice Parameters with a second epoch that anyone may begin, in which every rule is another.
contract TwoEpochs__Harness is IParameters {
    IParameters private immutable FIRST = new FixedParameters();

    uint16 public epoch = 1;
    bool public constant newJobsAllowed = true;

    function begin() external {
        epoch = 2;
    }

    function end() external {
        epoch = 1;
    }

    function jobRules(uint16 of_) external view returns (JobRules memory rules) {
        rules = FIRST.jobRules(1);
        if (of_ == 2) (rules.freeExit, rules.lateness, rules.inputFault) = (3_600, 5_000, 2_500);
    }

    function feeRules(uint16 of_) external view returns (uint16 protocolFee, uint16 verificationFee, uint16 burned) {
        if (of_ == 2) return (500, 1_000, 10_000);
        return FIRST.feeRules(1);
    }

    function claimRules(uint16 of_) external view returns (uint32, uint32, uint32, uint32) {
        return of_ == 2 ? (1 hours, 150, 2 hours, 150) : FIRST.claimRules(1);
    }

    function emissionRules(uint16) external view returns (EmissionRules memory) {
        return FIRST.emissionRules(1);
    }

    function auditRules(uint16) external view returns (AuditRules memory) {
        return FIRST.auditRules(1);
    }

    function slashRules(uint16 of_) external view returns (uint16 slash, uint16 bounty, uint16 compensation) {
        return of_ == 2 ? (5_000, 500, 0) : FIRST.slashRules(1);
    }

    function demandRules(uint16) external view returns (DemandRules memory) {
        return FIRST.demandRules(1);
    }

    function runRules(uint16) external view returns (uint16) {
        return FIRST.runRules(1);
    }

    function accusationRules() external view returns (uint32 minBlocks, uint32 maxSeconds) {
        return epoch == 2 ? (5, 1 hours) : FIRST.accusationRules();
    }
}
