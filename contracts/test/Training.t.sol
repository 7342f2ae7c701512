// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Gain} from "../training/Gain.sol";
import {PackedRun, packRun, packTrainer} from "../training/Packed.sol";
import {RowOrder} from "../training/RowOrder.sol";
import {Weight} from "../training/Weight.sol";
import {TestBase} from "./TestBase.sol";

/// @notice The order of rows is a permutation, weights are nearest, and packed slots lose nothing.
contract TrainingTest is TestBase {
    function testFuzz_everyRowComesOnceInAnEpoch(bytes32 seed, uint64 epoch, uint8 size) external pure {
        uint256 rows = uint256(size) + 1;
        uint256 seen;
        for (uint256 i = 0; i < rows; ++i) {
            uint256 row = RowOrder.permute(seed, epoch, i, rows);
            require(row < rows && (seen >> row) & 1 == 0, "a row is missing or comes twice");
            seen |= 1 << row;
        }
    }

    function testFuzz_positionsCountOnOverEpochs(bytes32 seed, uint64 position, uint16 size) external pure {
        uint256 rows = uint256(size) + 1;
        uint256 row = RowOrder.rowAt(seed, position, rows);
        require(row == RowOrder.permute(seed, uint64(position / rows), position % rows, rows), "another row");
    }

    function testFuzz_aWeightIsNearest(uint32 part, uint32 rest) external pure {
        if (part == 0) part = 1;
        uint256 whole = uint256(part) + rest;
        uint256 bits = Weight.ratio(part, whole);
        uint256 shift = 150 - (bits >> 23);
        uint256 significand = (bits & 0x7fffff) | 0x800000;
        uint256 exact = (uint256(part) << shift) * 2;
        uint256 made = significand * 2 * whole;
        uint256 off = exact > made ? exact - made : made - exact;
        require(off <= whole, "more than half a unit off");
        require(off != whole || significand & 1 == 0, "a tie is not even");
    }

    function testFuzz_aRunFitsItsSlot(uint240 word, uint8 state, bool scored) external pure {
        uint256 packed = (uint256(word) & ~uint256(255)) | (state % 8);
        if (scored) packed |= 1 << 240;
        require(PackedRun.unwrap(packRun(PackedRun.wrap(packed).unpackRun())) == packed, "a run changed");
    }

    function testFuzz_aTrainerFitsItsSlot(ITrainingRegistry.Trainer memory t) external pure {
        require(keccak256(abi.encode(packTrainer(t).unpackTrainer())) == keccak256(abi.encode(t)), "a trainer changed");
    }

    function testFuzz_aGainIsTheImprovedPartRoundedDown(uint32 before, uint32 later) external pure {
        uint256 gain = Gain.between(before, later);
        bool positive = before < 0x7f800000 && later < before;
        require(gain <= 1e9 && (positive || gain == 0), "a gain without an improvement");
        if (!positive) return;
        // of losses that share an exponent the exact parts are those of their significands
        uint256 near = (before & 0xff800000) | (later & 0x7fffff);
        uint256 whole = before < 1 << 23 ? before : (before & 0x7fffff) | 0x800000;
        uint256 part = before < 1 << 23 ? near : (near & 0x7fffff) | 0x800000;
        if (part < whole) require(Gain.between(before, near) == ((whole - part) * 1e9) / whole, "another part");
        if (later != 0) require(gain <= Gain.between(before, later - 1), "less for a smaller loss");
        else require(gain == 1e9, "not all of it");
    }

    function testFuzz_theStepsOfGainsAreNoMoreThanARoundHas(uint32[8] calldata gains, uint16 each) external pure {
        uint256 sum;
        for (uint256 i = 0; i < 8; i++) sum += gains[i] % 1e9;
        if (sum == 0) return;
        uint256 steps;
        for (uint256 i = 0; i < 8; i++) {
            uint256 own = Gain.steps(gains[i] % 1e9, sum, 8, each);
            require(own <= 2 * uint256(each), "above the cap");
            steps += own;
        }
        require(steps <= 8 * uint256(each), "more than the round");
    }
}
