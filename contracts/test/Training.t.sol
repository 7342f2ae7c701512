// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
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

    function testFuzz_aRunFitsItsSlot(uint240 word, uint8 state) external pure {
        uint256 packed = (uint256(word) & ~uint256(255)) | (state % 8);
        require(PackedRun.unwrap(packRun(PackedRun.wrap(packed).unpackRun())) == packed, "a run changed");
    }

    function testFuzz_aTrainerFitsItsSlot(ITrainingRegistry.Trainer memory t) external pure {
        require(keccak256(abi.encode(packTrainer(t).unpackTrainer())) == keccak256(abi.encode(t)), "a trainer changed");
    }
}
