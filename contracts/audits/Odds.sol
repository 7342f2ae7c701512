// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IParameters} from "../interfaces/IParameters.sol";

/// @notice How often a batch is audited, and what that pays. Everything rounds against who could gain: odds up, pay down.
library Odds {
    uint256 private constant BASIS = 10_000;
    /// @dev One milli-MIEL in wei.
    uint256 private constant UNIT = 1e15;

    /// @notice Basis points of the least probability, from p > C / ((1 − r)(R + S)) with a margin.
    /// @param fees of all leaves, in wei of MIEL; zero where they are in another token, which has no price here
    /// @param leaves how many
    /// @param lock of the batch, in milli-MIEL
    /// @param own the executor's own part of what backs it, in basis points: what others lose does not deter it
    /// @param slash share of a lock that a conviction takes
    /// @param back what of it an executor may have back through others: bounty and compensation
    function probability(
        IParameters.AuditRules memory rules,
        uint256 fees,
        bool inMiel,
        uint256 leaves,
        uint256 lock,
        uint256 own,
        uint256 slash,
        uint256 back
    ) internal pure returns (uint256 p) {
        unchecked {
            // fees are below 2^128, a lock below 2^40: no product reaches 2^256
            uint256 saved = inMiel ? (fees * rules.saving) : (rules.cost * leaves * UNIT * BASIS);
            uint256 loss = (lock * UNIT * slash * (BASIS - back) * own) / (BASIS * BASIS * BASIS);
            uint256 risk = (BASIS - rules.lazy) * (loss + (inMiel ? fees : 0));
            p = risk == 0 ? BASIS : (saved * rules.margin + risk - 1) / risk;
            if (p < rules.least) p = rules.least;
            if (p > BASIS) p = BASIS;
        }
    }

    /// @notice What one drawn leaf pays of a batch's verification fee, so that all audits of a class, planted ones too,
    /// pay out no more of it than `rules.pay`.
    /// @param p the probability with which it was audited
    /// @param leaves how many of its leaves were drawn
    function pay(
        IParameters.AuditRules memory rules,
        uint256 verificationFee,
        uint256 p,
        uint256 leaves
    ) internal pure returns (uint256) {
        return Math.mulDiv(verificationFee * rules.pay, BASIS, p * leaves * (BASIS + rules.planted));
    }

    /// @notice What is left of the same for whoever planted a fault in it, or was served one that nobody saw: never more
    /// than `fees`.
    function planted(
        IParameters.AuditRules memory rules,
        uint256 verificationFee,
        uint256 p,
        uint256 fees
    ) internal pure returns (uint256) {
        return Math.min(fees, Math.mulDiv(verificationFee * rules.pay, rules.planted, p * (BASIS + rules.planted)));
    }

    /// @notice What one leaf pays whose draw expired: all of them share what the draws leave over.
    function expired(
        IParameters.AuditRules memory rules,
        uint256 verificationFee,
        uint256 leaves
    ) internal pure returns (uint256) {
        return (verificationFee * (BASIS - rules.pay)) / (BASIS * leaves);
    }
}
